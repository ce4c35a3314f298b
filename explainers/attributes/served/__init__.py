"""FLINT as it answers: numpy only, frozen."""
