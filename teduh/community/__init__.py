"""The family's and the teacher's side: consent, worries, tips; never content."""
