"""The headline figures of one suite over runs that were drawn anew: other people, another training and noise."""
