"""The plan of a run as data: what it will make, under which keys, and how long that takes; and working it off."""
