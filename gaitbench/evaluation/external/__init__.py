"""Somebody else's anonymizer, judged by the files that it made."""
