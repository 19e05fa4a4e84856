"""The files of a run: its folder, what of it is ours, scores as Parquet."""
