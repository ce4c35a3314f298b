"""The model folder: what is in it, how it is written, and how it is trusted."""
