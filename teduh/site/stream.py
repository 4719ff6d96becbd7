"""Entry point of the stream server: `uvicorn teduh.site.stream:app`; the reverse proxy leads
`/live/` here.
"""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "teduh.site.settings")

import django

django.setup()

from teduh.messaging.live.app import StreamApp
from teduh.site.processes import end_with_parent
from teduh.site.startup import refuse_unsafe_start

refuse_unsafe_start()
end_with_parent()
# The event loop must not wait long for the writing thread to pass on the interpreter.
sys.setswitchinterval(0.001)
app = StreamApp()
