"""Pages of peer support."""
