"""Walkers written as files, a layout each: what the sources read."""
