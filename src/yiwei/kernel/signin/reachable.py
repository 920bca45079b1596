"""What is answered while the database cannot be reached, and connections that it has ended meanwhile."""

import logging
import select

from django.db import InterfaceError, OperationalError, connections
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

log = logging.getLogger("yiwei.database")
GONE = (OperationalError, InterfaceError)
AGAIN = 5  # seconds


def reopen():
    """Let go of connections that the database has ended, so that the next statement opens them anew. Asks nothing of the database."""
    for connection in connections.all(initialized_only=True):
        line = connection.connection
        if line is None or connection.in_atomic_block:
            continue
        if line.closed or _hung_up(line):
            connection.close()


def _hung_up(line):
    """An idle connection has nothing to say; where there is something to read, it is its end, or tells of it."""
    return bool(select.select([line.pgconn.socket], [], [], 0)[0])


def unreachable(request, error):
    """503 in the shape that the asker reads; it needs no session and no person."""
    log.warning("the database cannot be used: %s", str(error).strip().split("\n")[0])
    text = _("The house cannot be reached for a moment. Nothing was lost; try again in a few seconds.")
    if request.path.startswith("/api/"):
        answer = JsonResponse({"type": "about:blank", "title": _("Not reachable"), "status": 503, "code": "unavailable", "message": text,
                               "detail": text}, status=503, content_type="application/problem+json")
    else:
        answer = HttpResponse(render_to_string("503.html", {"text": text}), status=503)
    answer["Retry-After"] = str(AGAIN)
    return answer
