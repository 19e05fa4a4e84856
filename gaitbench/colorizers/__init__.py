"""Original pictures and new silhouettes in, painted people out; by name: ``gaitbench.registry.COLORIZERS``."""
