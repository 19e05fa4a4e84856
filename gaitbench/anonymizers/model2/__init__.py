"""Model 2: an unbroken silhouette of nobody in particular, in the pose of the one it is given."""
