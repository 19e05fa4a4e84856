"""What a run promises and what the slides claim, looked at after every run."""
