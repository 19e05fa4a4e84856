"""What ``gaitbench import`` has written, read again without loss."""
