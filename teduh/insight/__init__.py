"""Figures for leaders: counts only, small cells suppressed, never a way to a person."""
