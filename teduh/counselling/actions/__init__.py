"""Every write of counselling."""
