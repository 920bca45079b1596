"""Messages on their way out, against a small gateway that checks the signature."""

import json
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from standardwebhooks.webhooks import Webhook

from yiwei.kernel.notify.models import Outbox
from yiwei.kernel.notify.outgoing import TRIES, key_of, open_channels, send_waiting
from yiwei.kernel.notify.send import post
from yiwei.kernel.testing import make_dealer

NOON, NIGHT = datetime(2030, 3, 1, 4, tzinfo=UTC), datetime(2030, 3, 1, 14, tzinfo=UTC)


class Gateway(BaseHTTPRequestHandler):
    """Takes what is signed rightly, unless it is told to be ill."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        Webhook(key_of(self.server.secret)).verify(body, dict(self.headers.items()))
        self.server.taken.append(json.loads(body))
        self.send_response(503 if self.server.ill else 200)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def gateway(settings):
    server = HTTPServer(("127.0.0.1", 0), Gateway)
    server.secret, server.taken, server.ill = settings.YIWEI_GATEWAY_SECRET, [], False
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}/"
    settings.YIWEI_GATEWAYS = {"sms": url, "wechat": url}
    yield server
    server.shutdown()


@pytest.fixture
def house(db):
    dealer = make_dealer()
    with dealer.inside():
        yield dealer


def test_an_sms_leaves_once_and_signed(house, gateway):
    post("sms", "13800001111", "您的货品明天送达", template="delivery", cause="d:1")
    post("sms", "13800001111", "您的货品明天送达", template="delivery", cause="d:1")
    assert send_waiting(NOON) == (1, 0) and send_waiting(NOON) == (0, 0)
    assert [t["to"] for t in gateway.taken] == ["13800001111"] and gateway.taken[0]["text"] == "您的货品明天送达"
    assert Outbox.objects.get().state == "sent"


def test_no_sms_at_night_and_nothing_without_a_gateway(house, gateway, settings):
    post("sms", "13800001111", "x")
    assert send_waiting(NIGHT) == (0, 0)
    settings.YIWEI_GATEWAYS = {}
    assert open_channels(NOON) == ["email"] and send_waiting(NOON) == (0, 0)


def test_wechat_that_fails_becomes_one_sms(house, gateway):
    gateway.ill = True
    post("wechat", "openid", "x", cause="w:1")
    now = NOON
    for _turn in range(TRIES):
        assert send_waiting(now) == (0, 1)
        now = Outbox.objects.get(channel="wechat").due_at
    gateway.ill = False
    assert {(o.channel, o.state) for o in Outbox.objects.all()} == {("wechat", "failed"), ("sms", "waiting")}
    assert send_waiting(datetime(2031, 3, 1, 4, tzinfo=UTC)) == (1, 0)


def test_mail(house, mailoutbox):
    post("email", "a@example.com", "hello")
    assert send_waiting(NOON) == (1, 0) and mailoutbox[0].to == ["a@example.com"]
