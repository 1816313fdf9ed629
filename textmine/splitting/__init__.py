"""Answers → statements."""
