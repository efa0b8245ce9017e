"""Every sentence in ar, fr and en, side by side."""
