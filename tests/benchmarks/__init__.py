"""Figures: each prints what it measured and a ratio to a floor or peer measured in the same run."""
