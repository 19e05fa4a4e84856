"""Who walks and how: body sizes, joint angles over time, feet on the floor."""
