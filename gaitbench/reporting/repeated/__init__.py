"""What the runs of a suite that was drawn anew are compared by, and the tables of it."""
