"""Who is expected to declare what, and when."""
