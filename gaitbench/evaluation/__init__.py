"""Protocols: from a suite and a data set to the rows of the tables."""
