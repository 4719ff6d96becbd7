"""Every write of peer support: keyword-only, `by`, `at`, atomic, with its audit row in the same
transaction."""
