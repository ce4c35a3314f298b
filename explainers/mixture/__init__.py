"""DMM-MEN: a Bayesian mixture of linear regressions with multiple elastic nets."""
