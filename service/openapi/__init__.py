"""The public surface as an OpenAPI document, made from the reply's own models."""
