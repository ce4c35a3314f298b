"""Explanations and decisions as pages that need nothing else."""
