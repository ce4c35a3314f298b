"""What every request passes before a route is looked for: small pure ASGI layers."""
