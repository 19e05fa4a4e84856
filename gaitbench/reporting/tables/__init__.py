"""The tables of a report: one module a family."""
