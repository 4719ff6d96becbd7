"""Psychosocial services: assessment, case plan with steps and owners, follow-up."""
