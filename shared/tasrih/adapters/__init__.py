"""In-memory and AWS: the only room that knows AWS."""
