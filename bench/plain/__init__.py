"""The limit that Teduh's pages are measured against: the least that Django needs for the same kind of page.

The same Django, server, number of workers, database, durability and reuse of connections as Teduh's own; the
middleware of a new Django project (security, session in the database, common, CSRF, user, messages,
click-jacking); one model query and one simple template. It has no languages, no style, no navigation, no
permissions, no sealing and no audit: what Teduh adds to that is what the ratio shows.
"""
