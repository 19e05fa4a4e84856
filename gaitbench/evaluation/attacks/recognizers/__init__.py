"""Recognizers at work in an attack: what is lent to them, and what they are asked."""
