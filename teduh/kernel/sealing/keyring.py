"""Keys of scopes (organisations) and of persons or conversations: made, unwrapped, cached, rotated, destroyed."""

import time
import uuid
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from teduh.kernel.models import DataKey, ErasureEntry, ScopeKey
from teduh.kernel.prepared import Prepared
from teduh.kernel.sealing import box
from teduh.kernel.sealing.root import derive, fingerprint, previous_root_key, purpose_key, root_key

#: How long an unwrapped key may stay in a process, in seconds. After an erasure other processes forget it within this.
CACHE_SECONDS = 30.0
_CACHE_SIZE = 4096


class KeyDestroyed(box.SealBroken):
    """The data key was destroyed by an erasure: the content is gone for good."""


_cache: dict[int, tuple[float, bytes]] = {}


def _scope_place(key: ScopeKey) -> bytes:
    return f"scope|{key.scope.hex}|{key.version}".encode()


def _data_place(key: DataKey, scope_key: ScopeKey) -> bytes:
    return f"data|{key.public_id.hex}|{scope_key.scope.hex}|{scope_key.version}".encode()


def _wrap_key(root: bytes) -> bytes:
    return derive(root, b"wrap")


def _scope_material(key: ScopeKey) -> bytes:
    wrapped = bytes(key.wrapped)
    if key.root == fingerprint(root_key()):
        return box.unseal(purpose_key(b"wrap"), wrapped, _scope_place(key))
    previous = previous_root_key()
    if previous is not None and key.root == fingerprint(previous):
        return box.unseal(_wrap_key(previous), wrapped, _scope_place(key))
    raise box.SealBroken("scope key belongs to another root key")


@transaction.atomic
def scope_key(scope: uuid.UUID) -> ScopeKey:
    """Return the newest key of a scope, made at first need."""
    found = ScopeKey.objects.filter(scope=scope).order_by("-version").first()
    return found or new_scope_key(scope, version=1)


def new_scope_key(scope: uuid.UUID, *, version: int) -> ScopeKey:
    """Make the given version of a scope's key."""
    key = ScopeKey(scope=scope, version=version, root=fingerprint(root_key()))
    key.wrapped = box.seal(purpose_key(b"wrap"), box.new_key(), _scope_place(key))
    key.save()
    return key


def new_data_keys(scope: uuid.UUID, count: int) -> list[DataKey]:
    """Make data keys for persons or conversations of a scope, in one insert."""
    parent = scope_key(scope)
    parent_material = _scope_material(parent)
    keys = []
    for _ in range(count):
        key = DataKey(scope_key=parent)
        key.wrapped = box.seal(parent_material, box.new_key(), _data_place(key, parent))
        keys.append(key)
    return DataKey.objects.bulk_create(keys)


def new_data_key(scope: uuid.UUID) -> DataKey:
    """Make one data key."""
    return new_data_keys(scope, 1)[0]


def _unwrap(key: DataKey) -> bytes:
    if key.wrapped is None or key.destroyed_at is not None:
        raise KeyDestroyed("data key destroyed")
    return box.unseal(_scope_material(key.scope_key), bytes(key.wrapped), _data_place(key, key.scope_key))


def material(key_id: int) -> bytes:
    """Return the unwrapped data key, from the cache where it is fresh.

    Raises KeyDestroyed after an erasure, SealBroken where the hierarchy does not open.
    """
    held = _cache.get(key_id)
    if held is not None and held[0] > time.monotonic():
        return held[1]
    return prime([key_id])[key_id]


_ONE_KEY = Prepared(lambda key: DataKey.objects.select_related("scope_key").filter(pk=key), key=int)


def _load(key_ids: set[int]) -> Iterable[DataKey]:
    if len(key_ids) == 1:
        return _ONE_KEY.instances(key=next(iter(key_ids)))
    return DataKey.objects.select_related("scope_key").filter(pk__in=key_ids)


def prime(key_ids: Iterable[int]) -> dict[int, bytes]:
    """Unwrap many keys with one query, so that a list page does not ask once a row."""
    deadline = time.monotonic()
    wanted = set(key_ids)
    ready = {i: m for i in wanted if (held := _cache.get(i)) and held[0] > deadline and (m := held[1])}
    missing = wanted - ready.keys()
    if missing:
        if len(_cache) > _CACHE_SIZE:
            _cache.clear()
        destroyed = False
        for key in _load(missing):
            if key.wrapped is None:
                destroyed = len(wanted) == 1
                continue
            plain = _unwrap(key)
            _cache[key.pk] = (deadline + CACHE_SECONDS, plain)
            ready[key.pk] = plain
        if len(wanted) == 1 and not ready:
            raise KeyDestroyed("data key destroyed" if destroyed else "data key unknown")
    return ready


def hold(key: DataKey) -> None:
    """Unwrap a key that was loaded with `select_related("scope_key")`, so that opening asks the database nothing."""
    if key.wrapped is not None and key.pk not in _cache:
        _cache[key.pk] = (time.monotonic() + CACHE_SECONDS, _unwrap(key))


#: The scope whose key authenticates the audit chains: a key of its own, so that a new root key leaves them whole.
AUDIT_SCOPE = uuid.UUID(int=1)
_audit_key: list[bytes] = []


def audit_key() -> bytes:
    """Return the key of the audit chains, made at first need; kept for the life of the process."""
    if not _audit_key:
        _audit_key.append(_scope_material(_audit_scope_key()))
    return _audit_key[0]


def _audit_scope_key() -> ScopeKey:
    found = ScopeKey.objects.filter(scope=AUDIT_SCOPE).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return new_scope_key(AUDIT_SCOPE, version=1)
    except IntegrityError:
        # Another process made it at the same moment.
        return ScopeKey.objects.get(scope=AUDIT_SCOPE)


def forget_all() -> None:
    """Empty this process's cache of data keys."""
    _cache.clear()


def forget_audit_key() -> None:
    """Forget the key of the audit chains, where another database or another root key stands behind the process."""
    _audit_key.clear()


@transaction.atomic
def destroy(key: DataKey, *, at: datetime) -> None:
    """Erase everything sealed under a key by destroying it; the ledger outside the database outlives a restore."""
    ErasureEntry.objects.get_or_create(data_key=key.public_id, defaults={"at": at})
    DataKey.objects.filter(pk=key.pk).update(wrapped=None, destroyed_at=at)
    key.wrapped, key.destroyed_at = None, at
    _cache.pop(key.pk, None)
    # After the commit: an erasure that was rolled back must not be replayed.
    transaction.on_commit(lambda: _note_in_ledger(key.public_id, at))


def _note_in_ledger(key: uuid.UUID, at: datetime) -> None:
    file = settings.ERASURE_LEDGER_FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="ascii") as ledger:
        ledger.write(f"{key.hex} {at.isoformat()}\n")


@transaction.atomic
def replay_erasures(*, at: datetime) -> int:
    """Destroy again, after a restore, every key that the ledger file names; return how many came back to life."""
    file = settings.ERASURE_LEDGER_FILE
    if not file.exists():
        return 0
    named = {
        uuid.UUID(line.split()[0]) for line in file.read_text(encoding="ascii").splitlines() if line.strip()
    }
    alive = DataKey.objects.filter(public_id__in=named, wrapped__isnull=False)
    ErasureEntry.objects.bulk_create(
        [ErasureEntry(data_key=i, at=at) for i in alive.values_list("public_id", flat=True)],
        ignore_conflicts=True,
    )
    count = alive.update(wrapped=None, destroyed_at=at)
    forget_all()
    return count


@transaction.atomic
def rewrap_root() -> int:
    """Wrap every scope key anew under the present root key; return how many still hung on the previous one."""
    done = 0
    for key in ScopeKey.objects.exclude(root=fingerprint(root_key())):
        plain = _scope_material(key)
        key.root = fingerprint(root_key())
        key.wrapped = box.seal(purpose_key(b"wrap"), plain, _scope_place(key))
        key.save(update_fields=["root", "wrapped"])
        done += 1
    return done


@transaction.atomic
def rewrap_scope(scope: uuid.UUID, *, limit: int = 500) -> int:
    """Wrap up to `limit` data keys of a scope under its newest key; resumable: call until it returns 0."""
    newest = scope_key(scope)
    plain_newest = _scope_material(newest)
    keys = list(
        DataKey.objects.select_related("scope_key")
        .filter(scope_key__scope=scope, wrapped__isnull=False)
        .exclude(scope_key=newest)[:limit]
    )
    for key in keys:
        plain = _unwrap(key)
        key.scope_key = newest
        key.wrapped = box.seal(plain_newest, plain, _data_place(key, newest))
    DataKey.objects.bulk_update(keys, ["scope_key", "wrapped"])
    return len(keys)
