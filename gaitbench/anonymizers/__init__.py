"""Silhouettes in, anonymized silhouettes out. Found by name through ``gaitbench.registry.ANONYMIZERS``."""
