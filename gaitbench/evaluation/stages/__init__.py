"""The stages of a run that make artifacts: one module each."""
