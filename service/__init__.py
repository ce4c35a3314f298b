"""The HTTP service: one BentoML service, its public routes and the edge before them."""
