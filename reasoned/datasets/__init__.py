"""Where the images come from that a model is fitted with, and how they are split."""
