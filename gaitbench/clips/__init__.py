"""From a filmed video to a painted one: the person found, anonymized, painted, and put over the empty scene."""
