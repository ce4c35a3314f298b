"""What stands behind each route: read, delegate, answer."""
