"""Pages of guardians and homeroom teachers."""
