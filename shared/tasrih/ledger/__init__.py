"""Double entry in integer centimes: append-only, every entry adds up to zero."""
