"""Live conversations: a plain ASGI server with its own registry, group commit, and delivery right after the
commit.
"""
