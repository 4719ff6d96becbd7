"""Every write of the spine: keyword-only, `by`, `at`, atomic, with its audit row in the same transaction."""
