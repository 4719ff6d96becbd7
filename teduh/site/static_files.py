"""Static files from the page server, without making every page pay for them."""

from collections.abc import Callable

from asgiref.sync import async_to_sync, sync_to_async
from django.http import HttpRequest, HttpResponse
from servestatic.middleware import ServeStaticMiddleware


class StaticFilesMiddleware:
    """Serve static files, and hand every other request straight on.

    The package's middleware is asynchronous: standing among synchronous ones it would make each page start an
    event loop and cross threads twice, which costs more than the page. So only what it serves goes that way.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.files = ServeStaticMiddleware(sync_to_async(get_response))
        self.serve = async_to_sync(self.files)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve a file where the address names one."""
        path = request.path_info
        if path in self.files.files or (self.files.autorefresh and path.startswith(self.files.static_prefix)):
            return self.serve(request)  # type: ignore[no-any-return]
        return self.get_response(request)
