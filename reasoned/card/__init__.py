"""The model card: what a model is, what it was seen to do, and where it must not be trusted."""
