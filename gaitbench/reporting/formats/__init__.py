"""Tables as LaTeX, CSV, Markdown; files that are whole or absent."""
