"""Painted pictures measured, and samples of them kept."""
