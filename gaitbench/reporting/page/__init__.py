"""The self-contained HTML pages: a run, and runs compared."""
