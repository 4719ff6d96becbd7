"""Entry point of the plain page server."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.plain.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
