"""The stream of messages: who may hold one, what wakes it, and what it says."""

import asyncio
import contextlib

from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse

from yiwei.kernel.records.tenancy import context
from yiwei.kernel.testing import PASSWORD, make_dealer
from yiwei.kernel.work.live import stream, tickets
from yiwei.kernel.work.notify.send import tell
from yiwei.ops import database


class Page:
    """A page that holds a stream of the program, spoken to by its protocol (ASGI)."""

    def __init__(self, application, ticket):
        self.application, self.ticket = application, ticket
        self.said, self.gone = asyncio.Queue(), asyncio.Event()

    async def receive(self):
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def open(self):
        scope = {"type": "http", "path": "/live/", "query_string": f"ticket={self.ticket}".encode(), "headers": []}
        self.task = asyncio.create_task(self.application(scope, self.receive, self.said.put))
        return (await asyncio.wait_for(self.said.get(), 5))["status"]

    async def next(self, seconds=5):
        """The next event; None where nothing comes."""
        with contextlib.suppress(asyncio.TimeoutError):
            while message := await asyncio.wait_for(self.said.get(), seconds):
                if message.get("body", b"").startswith(b"data:"):
                    return message["body"]

    async def close(self):
        self.gone.set()
        await asyncio.wait_for(self.task, 5)


def ticket_of(dealer, who):
    with override_settings(YIWEI_LIVE_URL="http://127.0.0.1:1/live/"):
        return tickets.address(dealer.actor(who)).partition("ticket=")[2]


def write(dealer, who):
    with context.entered(dealer.id):
        tell([dealer.members[who]], "Something happened")


def test_a_message_wakes_the_pages_of_its_receiver_only(live_db):
    one, two = make_dealer("liveone"), make_dealer("livetwo")
    passes = [ticket_of(one, "guide"), ticket_of(one, "cashier"), ticket_of(two, "guide")]
    dsn = database.app_dsn(connection.settings_dict["NAME"])

    async def scene():
        application, ready = stream.Application(lambda: dsn), asyncio.Event()
        listener = asyncio.create_task(stream.listen(application.streams, dsn, ready))
        await asyncio.wait_for(ready.wait(), 10)
        pages = [Page(application, p) for p in passes]
        assert [await p.open() for p in pages] == [200, 200, 200]
        assert application.streams.count == 3
        await asyncio.to_thread(in_thread, write, one, "guide")
        heard = await pages[0].next(), await pages[1].next(0.3), await pages[2].next(0.3)
        for page in pages:
            await page.close()
        assert (application.streams.count, dict(application.streams.open)) == (0, {})
        listener.cancel()
        return heard

    assert asyncio.run(scene()) == (b"data: new\n\n", None, None)


def in_thread(work, *args):
    """Work in a thread that leaves no connection behind."""
    try:
        work(*args)
    finally:
        connection.close()


def test_a_stream_needs_a_ticket_and_has_a_limit():
    async def scene(passes):
        application = stream.Application(str)
        pages = [Page(application, p) for p in passes]
        return [await p.open() for p in pages]

    with override_settings(YIWEI_LIVE_URL="/live/"):
        good = tickets.address(type("Actor", (), {"tenant_id": 1, "id": 2})).partition("ticket=")[2]
    assert asyncio.run(scene(["", "forged", good[:-1] + "x", good])) == [401, 401, 401, 200]
    assert asyncio.run(scene([good] * (stream.EACH + 1)))[-1] == 503


def test_the_bell_says_how_many_and_what_is_newest(db):
    dealer = make_dealer("bell", sign_ins=True)
    client = Client()
    client.post(reverse("signin"), {"username": "guide@bell", "password": PASSWORD})
    assert client.get(reverse("notifications") + "?count=1").json() == {"unread": 0, "newest": 0, "text": ""}
    write(dealer, "guide")
    answer = client.get(reverse("notifications") + "?count=1").json()
    assert (answer["unread"], answer["text"]) == (1, "Something happened")
    with override_settings(YIWEI_LIVE_URL="http://127.0.0.1:9/live/"):
        page = client.get(reverse("home"))
    assert f'data-newest="{answer["newest"]}"' in page.content.decode() and "http://127.0.0.1:9/live/?ticket=" in page.content.decode()
    assert "connect-src 'self' http://127.0.0.1:9;" in page.headers["Content-Security-Policy"]
