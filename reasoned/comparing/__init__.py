"""Two models on the same unseen images: what moved in their explanations."""
