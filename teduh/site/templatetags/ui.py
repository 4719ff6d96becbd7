"""Teduh's parts as template tags: `{% load ui %}`, then `{% chip "…" tone="ok" %}` and so on.

Every status carries an icon and a word, because colour alone says nothing to many people. The style guide
page shows each part. Tags read mappings or objects by attribute, so a room can hand over its own dataclasses.
"""

from django import template

from teduh.site.ui import box_tags, form_tags, frame_tags, part_tags, picture_tags

register = template.Library()
for module in (part_tags, box_tags, form_tags, picture_tags, frame_tags):
    register.tags.update(module.register.tags)
    register.filters.update(module.register.filters)
