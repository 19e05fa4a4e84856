"""Attacks whose distances are too many to be held: a block of probes at a time, of which names and ranks are kept."""
