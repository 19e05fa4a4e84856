"""Executors: who does the tasks of a plan, in which processes."""
