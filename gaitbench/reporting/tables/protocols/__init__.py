"""The same attacks under other protocols: another gallery, another day."""
