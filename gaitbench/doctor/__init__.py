"""What is in a folder of gaits, what is wrong with it, and what a suite would get of it (``gaitbench doctor``)."""
