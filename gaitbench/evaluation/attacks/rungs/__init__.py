"""Rungs of the attacker ladder, one a file: what an attacker trains on, what he enrols, what he undoes."""
