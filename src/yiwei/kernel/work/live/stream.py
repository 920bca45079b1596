"""The program that holds the streams (ASGI): `granian --interface asgi yiwei.kernel.work.live.stream:application`.

One process, one connection to the database, one queue of length one for each open page.
"""

import asyncio
import contextlib
import logging
import os
from collections import defaultdict
from urllib.parse import parse_qs

import psycopg

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwei.config.settings")

from . import CHANNEL  # noqa: E402
from .tickets import bearer  # noqa: E402

log = logging.getLogger("yiwei.live")
STREAMS, EACH, BEAT = 5000, 20, 20
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


class Application:
    """ASGI: one address, any path."""

    def __init__(self, dsn):
        self.dsn, self.streams = dsn, Streams()

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
                task = asyncio.create_task(listen(self.streams, self.dsn()))
                await send({"type": "lifespan.startup.complete"})
            else:
                task.cancel()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def answer(self, scope, receive, send):
        ticket = parse_qs(scope["query_string"].decode("latin-1")).get("ticket", [""])[0]
        who = bearer(ticket)
        with self.streams.place(who) if who else contextlib.nullcontext() as queue:
            if queue is None:
                await send({"type": "http.response.start", "status": 503 if who else 401, "headers": [(b"cache-control", b"no-store")]})
                await send({"type": "http.response.body", "body": b""})
                return
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            gone = asyncio.create_task(left(receive))
            with contextlib.suppress(OSError):
                await self.flow(queue, gone, send)
            gone.cancel()

    async def flow(self, queue, gone, send):
        """Events as they come, a comment now and then so that nobody on the way thinks the line is dead."""
        await send({"type": "http.response.body", "body": b": welcome\nretry: 3000\n\n", "more_body": True})
        while not gone.done():
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


application = Application(_dsn)
