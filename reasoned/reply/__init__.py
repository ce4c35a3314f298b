"""The reply: its contract, its options, its words, its bytes."""
