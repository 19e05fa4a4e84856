"""Rows about pictures and gaits: quality, attribution, naturalness, trainings, sweeps."""
