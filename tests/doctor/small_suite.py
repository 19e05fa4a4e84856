"""A suite of one person a role, whom tests of ``doctor`` draw or export: two views, 12 frames."""

SUITE = """
[data]
frames = 12
angles = [54, 90]
[split]
recognizer = "001"
models = "002"
test = "003"
[walks]
recognizer = ["nm-01"]
models = ["nm-01"]
gallery = ["nm-01"]
probe = ["nm-02"]
"""
