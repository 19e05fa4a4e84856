"""Figures, drawn with matplotlib, and films."""
