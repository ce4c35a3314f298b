"""FLINT: a small dictionary of attribute functions with a linear head."""
