"""Videos before and after a tool as data: paired by name, segmented alike, matched by time."""
