"""The demo school: invented people with four months of lived history at all three levels, made by the real actions."""
