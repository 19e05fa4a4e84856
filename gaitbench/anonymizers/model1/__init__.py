"""Model 1: the contour of a walk, moved towards the body that noise has drawn."""
