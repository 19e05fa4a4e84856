"""The slides' colorizers, which learn: network, training pictures, losses, baseline and proposed."""
