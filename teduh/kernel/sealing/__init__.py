"""Sealed text: AES-256-GCM under root key -> scope key -> data key -> record, and erasure by destroying a data key."""
