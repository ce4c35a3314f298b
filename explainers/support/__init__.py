"""Whether an image is like the training images at all."""
