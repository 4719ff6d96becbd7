"""Friends of one's own age: matching, offers, supervised conversations."""
