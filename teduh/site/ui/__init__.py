"""Drawing helpers behind the template tags: icons, charts, the journey ribbon."""
