"""Codings and codebooks in the formats of other programs: REFI-QDA both ways, tables out."""
