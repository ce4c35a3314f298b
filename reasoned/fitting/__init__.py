"""From images and a network to a model folder."""
