"""What works in a notebook: a board on which groups of notes are tuned by hand."""
