"""FLINT as it is trained: with torch."""
