"""One thing of each kind for gaitbench: data set, anonymizer, colorizer, recognizer, rung, measure, table."""
