"""Representative interpretations: polytopes of the network's own decision boundaries."""
