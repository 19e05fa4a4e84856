"""From pictures to silhouettes, and what a silhouette tells: outline, parts, completeness."""
