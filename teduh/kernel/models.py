"""Tables of the kernel: keys, audit chain, wake-ups and the tick; no word of the domain."""

from django.db import models

from teduh.kernel.ids import new_public_id


class ScopeKey(models.Model):
    """The key of one scope (an organisation), wrapped by the root key."""

    scope = models.UUIDField()
    version = models.PositiveIntegerField()
    root = models.CharField(max_length=16)
    wrapped = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "version"], name="scope_key_version_once")]


class DataKey(models.Model):
    """The key of one person or conversation, wrapped by its scope's key; destroyed means erased."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    scope_key = models.ForeignKey(ScopeKey, on_delete=models.PROTECT, related_name="data_keys")
    wrapped = models.BinaryField(null=True)
    destroyed_at = models.DateTimeField(null=True)


class ErasureEntry(models.Model):
    """The fact that a data key was destroyed; the file beside the database holds the same."""

    data_key = models.UUIDField(unique=True)
    at = models.DateTimeField()


class AuditHead(models.Model):
    """The end of one scope's audit chain; locked while a row is appended."""

    scope = models.UUIDField(primary_key=True)
    seq = models.PositiveBigIntegerField(default=0)
    mac = models.BinaryField(default=b"")


class AuditEntry(models.Model):
    """One read of sealed content, or one write: who, what, about whom, when; never content or search terms."""

    scope = models.UUIDField()
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor = models.UUIDField(null=True)
    actor_role = models.CharField(max_length=24)
    verb = models.CharField(max_length=60)
    subject = models.UUIDField(null=True)
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=36)
    detail = models.JSONField(default=dict)
    mac = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "seq"], name="audit_seq_once")]
        indexes = [models.Index(fields=["subject", "-at"], name="audit_subject_at")]


class Wake(models.Model):
    """On SQLite: a channel whose listeners must look again; PostgreSQL and Redis carry the same word themselves."""

    channel = models.CharField(max_length=60)

    id: int


class TickRun(models.Model):
    """When a recurring piece of work last ran, so that several workers do not run it twice."""

    name = models.CharField(max_length=60, primary_key=True)
    last_run_at = models.DateTimeField()
