"""Exact additive attribution of the class logit to the last affine layer."""
