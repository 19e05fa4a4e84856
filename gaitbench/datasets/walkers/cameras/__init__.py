"""How walkers are filmed: cameras, empty scenes, points to pixels, light and noise."""
