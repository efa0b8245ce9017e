"""Statements of the bank: read, checked, and each line posted once however often it arrives."""
