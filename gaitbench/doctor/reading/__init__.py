"""Every sequence looked at once: from files to facts."""
