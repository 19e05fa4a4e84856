"""Films: the people in them followed, named, and written walk by walk."""
