"""Writes of the people room."""
