"""Many systems on one board: submissions, which of them are comparable, and who can be told from whom."""
