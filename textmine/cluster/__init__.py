"""Clustering: notes into groups that a researcher can tune."""
