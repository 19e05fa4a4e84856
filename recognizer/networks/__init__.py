"""Small networks that a processor trains in about a minute, and what they have in common."""
