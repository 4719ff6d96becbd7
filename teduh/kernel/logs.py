"""Structured logs without content: paths are reduced to their route, so that ids and words never reach a log."""

import json
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse

logger = logging.getLogger("teduh.request")
_EXTRA = ("route", "method", "status", "ms", "job", "count", "detail", "code")


class JsonFormatter(logging.Formatter):
    """One JSON object a line; of an exception only its type and the places, never its message.

    An exception's message may quote what a person typed.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a JSON line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
        }
        # Messages of our own code are constant; those of libraries (access lines, tracebacks) may quote input.
        line["message"] = record.msg if record.name.startswith("teduh") else str(record.msg)[:200]
        for name in _EXTRA:
            if hasattr(record, name):
                line[name] = getattr(record, name)
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            places = []
            trace = record.exc_info[2]
            while trace is not None:
                places.append(f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}")
                trace = trace.tb_next
            line["places"] = places[-12:]
        return json.dumps(line, default=str)


class RequestLogMiddleware:
    """Log method, route, status and duration of each request; the route is the pattern, never the path."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Time the request and log it."""
        started = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        logger.info(
            "request",
            extra={
                "method": request.method,
                "route": match.route if match else "-",
                "status": response.status_code,
                "ms": round((time.perf_counter() - started) * 1000, 1),
            },
        )
        return response
