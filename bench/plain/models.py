"""The one table."""

from django.db import models


class Row(models.Model):
    """A row of a list: a name, a word, a moment."""

    name = models.CharField(max_length=160)
    word = models.CharField(max_length=40)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.name
