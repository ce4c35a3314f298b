"""What was answered, kept: one row for each explained request, and what it cited."""
