"""Two coded surveys side by side: what changed, and how much of it errors of coding explain."""
