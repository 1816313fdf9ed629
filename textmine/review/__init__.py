"""People decide what the machine doubts: the log of decisions, the desk, the page."""

LOG_FILE = "review.sqlite"  # of decisions, in a folder of results
