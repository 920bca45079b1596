"""What leaves the house: no address of a dealer's choosing, no message that holds up the others."""

import ast
from pathlib import Path

import httpx
from django.core import mail
from django.utils import timezone

import yiwei
from yiwei.kernel.base import registry
from yiwei.kernel.jobs import send_messages
from yiwei.kernel.models import Outbox, Webhook
from yiwei.kernel.work.notify import outgoing

SOURCE = Path(yiwei.__file__).parent
CALLERS = {"httpx", "requests", "urllib.request", "http.client", "aiohttp", "socket", "smtplib"}


def test_only_the_gateway_of_the_operator_is_called():
    """Two modules speak to others: one to addresses of the settings alone, one with a guard against private addresses."""
    found = set()
    for path in SOURCE.rglob("*.py"):
        if "tests" in path.parts or "ops" in path.parts or "bench" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module] if isinstance(node, ast.ImportFrom) else []
            found |= {path.relative_to(SOURCE).as_posix() for n in names if n in CALLERS}
    found.discard("kernel/base/apart.py")   # a pair of sockets between a process and its own child
    assert found == {"kernel/work/notify/outgoing.py", "kernel/work/notify/webhooks.py"}


def test_an_address_of_a_dealers_choosing_cannot_be_inside(world, settings):
    """A webhook that points into the house is never called, whatever its name says; only the head of a dealer may name one."""
    settings.YIWEI_WEBHOOK_PRIVATE = False
    for who in ("store_manager", "guide", "finance_manager"):
        assert not registry.actions["kernel.webhook.create"].allowed(world.one.actor(who))
    with world.one.inside():
        Outbox.objects.all().delete()
        for url in ("http://127.0.0.1:1/", "http://localhost:1/", "http://[::ffff:10.0.0.1]/", "http://169.254.169.254/latest/meta-data"):
            hook = Webhook.objects.create(name=url, url=url, secret="whsec_" + "c2Vj" * 8)
            row = Outbox.objects.create(channel="webhook", receiver=str(hook.pk), text="{}")
            assert outgoing.send_waiting(channels=["webhook"]) == (0, 1)
            row.refresh_from_db()
            assert row.error.endswith("an address inside the house")
            row.delete()


def test_a_gateway_cannot_send_us_on(world, settings, monkeypatch):
    """An answer that redirects, say to an address inside, is a failure and is not followed."""
    asked = []

    def answer(request):
        asked.append(str(request.url))
        return httpx.Response(302, headers={"Location": "http://127.0.0.1:1/inside"})

    monkeypatch.setattr(httpx, "post", lambda url, **more: httpx.Client(transport=httpx.MockTransport(answer)).post(
        url, **{k: v for k, v in more.items() if k != "timeout"}))
    settings.YIWEI_GATEWAYS = {"wechat": "https://gateway.example/send", "sms": ""}
    with world.one.inside():
        Outbox.objects.all().delete()
        row = Outbox.objects.create(channel="wechat", receiver="x", text="x")
        assert outgoing.send_waiting() == (0, 1)
        row.refresh_from_db()
    assert asked == ["https://gateway.example/send"] and row.state == "waiting" and row.error.startswith("302")


def test_one_bad_message_holds_up_no_other(world, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    for dealer in (world.one, world.two):
        with dealer.inside():
            Outbox.objects.all().delete()
            for receiver, text in (("a@example.com\nBcc: b@example.com", "x"), ("c@example.com", "one\r\nBcc: d@example.com"),
                                   ("e@example.com", "two")):
                Outbox.objects.create(channel="email", receiver=receiver, text=text, due_at=timezone.now())
    send_messages(timestamp=0)
    assert sorted(to for m in mail.outbox for to in m.recipients()) == ["c@example.com"] * 2 + ["e@example.com"] * 2
    assert all("\n" not in m.subject and not m.bcc for m in mail.outbox)
    with world.two.inside():
        assert list(Outbox.objects.filter(state="waiting").values_list("tries", flat=True)) == [1]
