"""Scripts that make a figure of the docs and have no peer."""
