"""Instruments, answer sheets and scores."""
