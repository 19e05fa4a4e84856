"""What is made once and shipped or kept: the bundled models, one trained system."""
