"""Whether a recorded answer comes out the same again."""
