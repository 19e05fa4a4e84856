"""What stays useful: learned readers of direction and pose, and the values of every sequence."""
