"""The audit chain: HMAC over every entry and its predecessor, with the head anchored outside the database."""

from teduh.kernel.audit.write import Entry, hold, record

__all__ = ["Entry", "hold", "record"]
