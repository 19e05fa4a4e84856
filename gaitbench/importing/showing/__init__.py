"""What came of an import, for people to look at."""
