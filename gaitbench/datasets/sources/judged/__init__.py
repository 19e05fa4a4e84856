"""What `evaluate` asks of a source on either side, whatever its format."""
