"""The nearest representative training examples."""
