"""People decide what the machine doubts: the log of decisions, the desk, the page."""
