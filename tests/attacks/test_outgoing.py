"""What leaves the house: no address of a dealer's choosing, no message that holds up the others."""

import ast
from pathlib import Path

import httpx
import pytest
from django.core import mail
from django.utils import timezone

import yiwei
from yiwei.kernel.jobs import send_messages
from yiwei.kernel.models import Outbox
from yiwei.kernel.notify import outgoing
from yiwei.kernel.notify.errors import Undeliverable
from yiwei.kernel.notify.webhooks import pinned

SOURCE = Path(yiwei.__file__).parent
CALLERS = {"httpx", "requests", "urllib.request", "http.client", "aiohttp", "socket", "smtplib"}


def test_only_the_gateway_of_the_operator_is_called():
    """One module speaks HTTP to addresses of the settings alone; the other, webhooks, brings its own guard against private addresses."""
    found = set()
    for path in SOURCE.rglob("*.py"):
        if "tests" in path.parts or "ops" in path.parts or "bench" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module] if isinstance(node, ast.ImportFrom) else []
            found |= {path.relative_to(SOURCE).as_posix() for n in names if n in CALLERS}
    assert found == {"kernel/notify/outgoing.py", "kernel/notify/webhooks.py"}


@pytest.mark.parametrize("url", ["http://127.0.0.1:5432/", "http://10.1.2.3/", "http://[::1]/", "http://169.254.169.254/latest", "file:///etc/passwd"])
def test_an_address_a_dealer_names_is_only_for_the_heads_and_never_inside_the_house(world, settings, url):
    settings.YIWEI_WEBHOOK_PRIVATE = False
    client = world.client("guide")
    for path in ("/r/kernel/webhook/", "/api/v1/kernel/webhook"):
        assert client.get(path).status_code == 403, path
    with pytest.raises(Undeliverable):
        pinned(url)


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
