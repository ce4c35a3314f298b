"""Methods that explain a network; they know nothing of serving."""
