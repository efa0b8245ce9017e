"""The rule book and the layouts as plain values for other programs: made of what the engine itself uses."""
