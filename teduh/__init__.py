"""Teduh: one door, three levels of care."""

__version__ = "0.1.0"
