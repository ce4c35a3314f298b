"""What the project costs and achieves, measured; each script writes its figures."""
