"""Counts with intervals that account for the machine's error, and what they hang on."""
