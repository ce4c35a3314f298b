"""What the service counts, over all its workers, and how Prometheus reads it."""
