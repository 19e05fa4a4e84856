"""Who attacks which system, with what, and what they find out."""
