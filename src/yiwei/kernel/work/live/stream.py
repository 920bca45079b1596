"""The program that holds the streams (ASGI): `granian --interface asgi yiwei.kernel.work.live.stream:application`.

One process, one connection to the database, one queue of length one for each open page.
"""

import asyncio
import contextlib
import logging
import os
import time
from collections import defaultdict
from urllib.parse import parse_qs

import psycopg
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwei.config.settings")

from yiwei.ops.orphans import end_with_parent  # noqa: E402

from . import CHANNEL  # noqa: E402
from .tickets import bearer  # noqa: E402

log = logging.getLogger("yiwei.live")
STREAMS, EACH, BEAT = 5000, 20, 20
ASK_EVERY = 3  # beats; after so many it is asked again whether the session is open
HEADERS = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"cache-control", b"no-store"),
           (b"x-accel-buffering", b"no"), (b"access-control-allow-origin", b"*")]


class Streams:
    """The open pages by (tenant, member)."""

    def __init__(self):
        self.open = defaultdict(set)
        self.count = 0

    @contextlib.contextmanager
    def place(self, who):
        """A queue that gets something when there is something new for `who`; None where all places are taken."""
        if self.count >= STREAMS or len(self.open.get(who, ())) >= EACH:
            yield None
            return
        queue = asyncio.Queue(maxsize=1)
        self.open[who].add(queue)
        self.count += 1
        try:
            yield queue
        finally:
            self.count -= 1
            self.open[who].discard(queue)
            if not self.open[who]:
                del self.open[who]

    def tell(self, who):
        for queue in self.open.get(who, ()):
            if queue.empty():
                queue.put_nowait(True)

    def tell_all(self):
        for who in self.open:
            self.tell(who)


async def listen(streams, dsn, ready=None):
    """Pass on what the database tells, for ever; after a lost connection everyone is asked to look."""
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(dsn, autocommit=True, application_name="yiwei-live") as connection:
                await connection.execute(f"listen {CHANNEL}")
                if ready:
                    ready.set()
                streams.tell_all()
                async for note in connection.notifies():
                    tenant, _colon, member = note.payload.partition(":")
                    streams.tell((int(tenant), int(member)))
        except (OSError, psycopg.Error, ValueError) as error:
            log.warning("the stream lost the database: %s", error)
        await asyncio.sleep(1)


class Sessions:
    """Asks the database whether the session of a ticket is still open."""

    def __init__(self, dsn, question):
        self.dsn, self.question, self.line, self.turn = dsn, f"select {question}(%s, %s, %s)", None, asyncio.Lock()

    async def open(self, who, session):
        async with self.turn:
            for _attempt in range(2):
                try:
                    self.line = self.line or await psycopg.AsyncConnection.connect(self.dsn(), autocommit=True, application_name="yiwei-live")
                    return (await (await self.line.execute(self.question, [*who, session])).fetchone())[0]
                except psycopg.OperationalError:
                    self.line = None
            return False


class Application:
    """ASGI: one address, any path. `sessions` says whether a ticket's session is open; without it every ticket is good."""

    def __init__(self, dsn, sessions=None):
        self.dsn, self.streams, self.sessions = dsn, Streams(), sessions

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            return await self.lifespan(receive, send)
        if scope["type"] == "http":
            await self.answer(scope, receive, send)

    async def lifespan(self, receive, send):
        task = None
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                end_with_parent()
                task = asyncio.create_task(listen(self.streams, self.dsn()))
                await send({"type": "lifespan.startup.complete"})
            else:
                task.cancel()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def answer(self, scope, receive, send):
        ticket = parse_qs(scope["query_string"].decode("latin-1")).get("ticket", [""])[0]
        *who, session = bearer(ticket) or (None,)
        who = tuple(who) if who and await self.admits(who, session) else None
        with self.streams.place(who) if who else contextlib.nullcontext() as queue:
            if queue is None:
                await send({"type": "http.response.start", "status": 503 if who else 401, "headers": [(b"cache-control", b"no-store")]})
                await send({"type": "http.response.body", "body": b""})
                return
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            gone = asyncio.create_task(left(receive))
            with contextlib.suppress(OSError):
                await self.flow(queue, gone, send, lambda: self.admits(who, session))
            gone.cancel()

    async def admits(self, who, session):
        return self.sessions is None or await self.sessions.open(who, session)

    async def flow(self, queue, gone, send, admitted):
        """Events as they come, a comment now and then so that nobody on the way thinks the line is dead."""
        await send({"type": "http.response.body", "body": b": welcome\nretry: 3000\n\n", "more_body": True})
        asked = time.monotonic()
        while not gone.done():
            if time.monotonic() - asked > BEAT * ASK_EVERY:
                asked = time.monotonic()
                if not await admitted():
                    return
            news = asyncio.create_task(queue.get())
            await asyncio.wait({news, gone}, timeout=BEAT, return_when=asyncio.FIRST_COMPLETED)
            body = b"data: new\n\n" if news.done() else b": still here\n\n"
            news.cancel()
            if not gone.done():
                await send({"type": "http.response.body", "body": body, "more_body": True})


async def left(receive):
    """Returns when the page has closed the stream."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _dsn():
    from yiwei.ops import database
    return database.app_dsn()


application = Application(_dsn, Sessions(_dsn, settings.KERNEL_SESSION_OPEN))
