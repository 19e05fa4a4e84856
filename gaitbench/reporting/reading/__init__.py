"""What is taken from a record, and how it is chosen."""
