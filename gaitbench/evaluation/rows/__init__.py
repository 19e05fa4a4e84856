"""From outcomes and pictures to the rows of the record."""
