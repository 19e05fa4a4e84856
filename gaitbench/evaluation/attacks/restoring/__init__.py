"""Networks that learn to undo an anonymizer: on gait energy images, and frame by frame on silhouettes."""
