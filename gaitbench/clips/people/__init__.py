"""Everybody in a film: told apart in a frame, followed from frame to frame, looked at."""
