"""The periodic declaration of bases (DAC): our own documented design."""
