"""Files → answers."""
