"""The board: many systems on one page."""
