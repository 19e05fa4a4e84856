"""A store on an object store: a folder of this machine in front, and what stands behind it."""
