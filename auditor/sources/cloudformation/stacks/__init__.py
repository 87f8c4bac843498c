"""All stacks of one run: their names, what nests what, and what one exports to the others."""
