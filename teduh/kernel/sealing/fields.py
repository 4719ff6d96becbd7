"""The field that seals: assign text, get back a `SealedText` that must be opened on purpose."""

import uuid
from typing import Any

from django.apps import apps
from django.db import models

from teduh.kernel.ids import new_public_id
from teduh.kernel.sealing import box, keyring


class SealedText:
    """Sealed content of one field of one row; printing it shows dots, only `open()` gives the text."""

    __slots__ = ("_box", "_key_id", "_place", "_plain")

    def __init__(
        self, sealed: bytes | None, *, plain: str | None = None, place: bytes = b"", key_id: int | None = None
    ) -> None:
        self._box, self._plain, self._place, self._key_id = sealed, plain, place, key_id

    def open(self) -> str:
        """Return the text.

        Raises SealBroken for a changed box or wrong key, KeyDestroyed after an erasure.
        """
        if self._plain is not None:
            return self._plain
        if self._box is None or self._key_id is None:
            raise box.SealBroken("sealed text is not bound to a row")
        return box.unseal(keyring.material(self._key_id), self._box, self._place).decode("utf-8")

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written; told from the length, without opening."""
        if self._plain is not None:
            return not self._plain
        return self._box is None or len(self._box) <= 1 + box.NONCE_BYTES + box.TAG_BYTES

    def __bool__(self) -> bool:
        return not self.is_empty

    def __str__(self) -> str:
        return "•••"

    def __repr__(self) -> str:
        return "<SealedText>"


class _Descriptor:
    """Binds the stored box to its row and key when it is read."""

    def __init__(self, field: "SealedTextField") -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type) -> Any:
        if instance is None:
            return self
        name = self.field.attname
        if name not in instance.__dict__:
            instance.refresh_from_db(fields=[name])
        value = instance.__dict__[name]
        if isinstance(value, bytes | memoryview):
            return SealedText(
                bytes(value), place=self.field.place(instance), key_id=self.field.key_id(instance)
            )
        return SealedText(None, plain=value or "")

    def __set__(self, instance: models.Model, value: Any) -> None:
        if isinstance(value, SealedText):
            value = value.open()
        instance.__dict__[self.field.attname] = value


class SealedTextField(models.Field[str | SealedText, SealedText]):
    """Text stored as an AES-256-GCM box bound to table, row (`public_id`), field and data key (`sealing_key`)."""

    empty_strings_allowed = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", "")
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Leave out what the field sets by itself."""
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        """Stored as bytes on every database."""
        return "BinaryField"

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        """Attach the descriptor."""
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _Descriptor(self))

    def place(self, instance: models.Model) -> bytes:
        """Return the associated data: where this box belongs."""
        row: uuid.UUID = instance.public_id  # type: ignore[attr-defined]
        return f"{instance._meta.db_table}|{row.hex}|{self.attname}|{self.key_id(instance)}".encode()

    def key_id(self, instance: models.Model) -> int:
        """Return the id of the data key of the row."""
        key: int = instance.sealing_key_id  # type: ignore[attr-defined]
        return key

    def pre_save(self, model_instance: models.Model, add: bool) -> bytes:
        """Seal what was assigned as text; pass on what is sealed already."""
        value = model_instance.__dict__.get(self.attname)
        if isinstance(value, bytes | memoryview):
            return bytes(value)
        sealed = box.seal(
            keyring.material(self.key_id(model_instance)),
            (value or "").encode("utf-8"),
            self.place(model_instance),
        )
        model_instance.__dict__[self.attname] = sealed
        return sealed

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> bytes | None:
        """Return the stored box as bytes."""
        return None if value is None else bytes(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Hand bytes to the driver; text here would mean a write past the seal.

        Raises TypeError where plain text would reach the database.
        """
        if value is None:
            return None
        if not isinstance(value, bytes | memoryview):
            raise TypeError(
                f"{self.name}: only sealed bytes may reach the database; use save() or bulk_create()"
            )
        return connection.Database.Binary(bytes(value))


class SealedModel(models.Model):
    """A row with sealed text: a random public id (part of the seal) and the data key it is sealed under."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    sealing_key = models.ForeignKey("kernel.DataKey", on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


def sealed_models() -> list[tuple[type[models.Model], list[SealedTextField]]]:
    """Return every model with sealed text and its sealed fields; rotation and canary tests walk this."""
    found = []
    for model in apps.get_models():
        fields = [f for f in model._meta.get_fields() if isinstance(f, SealedTextField)]
        if fields:
            found.append((model, fields))
    return found
