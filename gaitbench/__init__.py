"""gaitbench: does a gait anonymizer hide the people in a video, and is the picture still good?

The package imports nothing heavy by itself, so that ``gaitbench --help`` answers at once.
"""

__version__ = "0.1.0"
