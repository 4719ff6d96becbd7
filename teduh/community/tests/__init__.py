"""Tests of the family's and the teacher's side."""
