"""What the spine's screens need, as dataclasses; no lazy queryset reaches a template."""
