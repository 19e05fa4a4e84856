"""Where people come from: one file a layout on disk, and the way back to files."""
