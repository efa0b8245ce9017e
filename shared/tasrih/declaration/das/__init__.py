"""The annual declaration (DAS): the fixed pair, and CSV."""
