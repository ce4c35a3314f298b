"""One step each; the newest is `schema.HEAD`."""
