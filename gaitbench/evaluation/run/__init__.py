"""What every stage of a run needs: the suite in force, data, noise draws, worker processes."""
