"""Coded tables → something to read."""
