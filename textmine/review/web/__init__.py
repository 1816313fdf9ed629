"""The review page: what coders see of the desk in their browser."""
