"""Settings of the tests: the same settings, with an environment of their own and nothing of a real
installation.
"""

import os
import tempfile

os.environ["TEDUH_MODE"] = "test"
os.environ.setdefault("TEDUH_DATA_DIR", tempfile.mkdtemp(prefix="teduh-test-"))
os.environ.setdefault("TEDUH_ROOT_KEY", "dGVkdWgtdGVzdC1yb290LWtleS0zMi1ieXRlcy0hISE=")
os.environ.setdefault("TEDUH_SECRET_KEY", "a-secret-for-tests-only-that-is-long-enough-to-pass")

from teduh.site.settings import *  # noqa: F403

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A file, as in a real installation: in memory, threads would share one connection's locks, and the tests
    # of the
    # stream server write from several threads.
    DATABASES["default"]["TEST"] = {"NAME": f"{tempfile.mkdtemp(prefix='teduh-test-')}/test.sqlite3"}  # noqa: F405
