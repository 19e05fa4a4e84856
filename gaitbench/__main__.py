"""``python -m gaitbench``."""

from gaitbench.cli import main

main()
