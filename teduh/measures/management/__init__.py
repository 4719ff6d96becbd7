"""Management commands of the measures room."""
