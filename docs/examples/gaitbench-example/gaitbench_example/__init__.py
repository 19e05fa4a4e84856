"""An anonymizer, a colorizer, a recognizer and a measure for gaitbench."""
