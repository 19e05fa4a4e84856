"""From silhouettes to gait energy images: gait period, whole pictures, picture files."""
