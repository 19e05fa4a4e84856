"""The diagnosis shown: on the terminal, and as a page."""
