"""CNN-INTE: a meta-level tree and forest over clusters of a hidden layer."""
