"""Tasrih: wage declarations for a social-security fund, from upload to signed receipt."""

__version__ = "0.1.0"
