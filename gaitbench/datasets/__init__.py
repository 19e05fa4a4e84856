"""Data sets: walking people as recordings, and the way from a recording to an aligned gait sequence."""
