"""Colours carried along a field: the fields, their learned correction, the colorizer `gaitbench`."""
