"""Speed, memory and agreement beside peers from PyPI (extra `bench`): ``python -m benchmarks``."""
