"""Entry point of the page server."""

import gc
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "teduh.site.settings")

from django.core.wsgi import get_wsgi_application

from teduh.site.processes import end_with_parent
from teduh.site.startup import refuse_unsafe_start

application = get_wsgi_application()
refuse_unsafe_start()
end_with_parent()
# What is loaded stays: the collector need not walk it again and again, nor come after every 700 new objects.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
