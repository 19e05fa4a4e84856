"""Poses over time: what frames show one by one, and what their order tells."""
