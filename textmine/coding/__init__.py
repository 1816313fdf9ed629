"""Statements + codebook → codes with probabilities."""
