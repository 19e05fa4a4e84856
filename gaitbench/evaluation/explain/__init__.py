"""What the attacks of a run made of one probe."""
