"""Dues: amounts that carry their reasons."""
