"""Data sets written down as tables: manifests."""
