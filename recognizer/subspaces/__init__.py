"""Linear models of many gaits: robust PCA, view transformation, partial least squares, the angle of a view."""
