"""Every write of scheduling."""
