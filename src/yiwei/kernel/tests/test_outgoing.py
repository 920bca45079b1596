"""Messages on their way out, against a small gateway that checks the signature."""

import base64
import json
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.test import Client
from standardwebhooks.webhooks import Webhook

from yiwei.kernel.base.errors import ActionError, Invalid
from yiwei.kernel.testing import make_dealer
from yiwei.kernel.work.notify.errors import Undeliverable
from yiwei.kernel.work.notify.models import Outbox
from yiwei.kernel.work.notify.outgoing import TRIES, key_of, open_channels, send_waiting
from yiwei.kernel.work.notify.send import post
from yiwei.kernel.work.notify.webhooks import pinned

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
    assert open_channels(NOON) == ["email", "webhook"] and send_waiting(NOON) == (0, 0)


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


@pytest.fixture
def hook(house, gateway):
    """An address that is told of customers; the gateway plays the program."""
    gateway.secret = "whsec_" + base64.b64encode(b"s" * 32).decode()
    return house.do("tenant_admin", "kernel.webhook.create", name="BI", url=f"http://127.0.0.1:{gateway.server_port}/",
                    events="crm.customer.* orders.*", secret=gateway.secret)


def test_a_program_is_told_of_what_was_done(house, gateway, hook):
    customer = house.do("guide", "crm.customer.create", name="陈女士", phone="13800001111")
    assert send_waiting(NOON) == (1, 0)
    told = gateway.taken[0]
    assert told["type"] == "crm.customer.create"
    assert told["data"] == {"id": customer.pk, "number": customer.number, "version": 1, "state": customer.state,
                            "url": f"/api/v1/crm/customer/{customer.pk}"}
    assert "13800001111" not in str(told) and "陈女士" not in str(told)
    house.do("tenant_admin", "kernel.webhook.disable", hook)
    house.do("guide", "crm.customer.create", name="王先生", phone="13800002222")
    assert send_waiting(NOON) == (0, 0)


def test_a_refused_action_tells_nobody_and_a_failed_message_is_sent_again_by_hand(house, gateway, hook):
    with pytest.raises(ActionError):
        house.do("guide", "crm.customer.create", name="", phone="")
    assert not Outbox.objects.exists()
    house.do("tenant_admin", "kernel.webhook.ping", hook)
    gateway.ill, now = True, NOON
    for _turn in range(TRIES):
        assert send_waiting(now) == (0, 1)
        now = Outbox.objects.get().due_at
    gateway.ill = False
    row = Outbox.objects.get()
    assert row.state == "failed" and row.error.startswith("503")
    house.do("tenant_admin", "kernel.outbox.again", row)
    assert send_waiting() == (1, 0)


@pytest.mark.parametrize("url", [
    "http://127.0.0.1/", "http://localhost:8000/x", "http://[::1]/", "http://10.1.2.3/", "http://169.254.169.254/latest", "http://0.0.0.0/",
    "http://[::ffff:127.0.0.1]/", "http://2130706433/", "http://user@example.com/", "ftp://example.com/", "http:///x"])
def test_nobody_makes_the_server_knock_at_its_neighbours(settings, url):
    settings.YIWEI_WEBHOOK_PRIVATE = False
    with pytest.raises(Undeliverable):
        pinned(url)


def test_what_was_checked_is_what_is_called(settings):
    settings.YIWEI_WEBHOOK_PRIVATE = False
    assert pinned("https://93.184.216.34:8443/a?b=c") == ("https://93.184.216.34:8443/a?b=c", "93.184.216.34:8443")


@pytest.mark.parametrize(("field", "value"), [("events", "orders.* nonsense.x"), ("url", "ftp://a.example/"), ("secret", "short")])
def test_a_webhook_with_a_mistake_is_refused_at_its_field(house, field, value):
    good = {"name": "BI", "url": "https://a.example/", "events": "*", "secret": "whsec_" + base64.b64encode(b"s" * 32).decode()}
    with pytest.raises(Invalid) as refused:
        house.do("tenant_admin", "kernel.webhook.create", **good | {field: value})
    assert list(refused.value.errors) == [field]


def test_a_key_is_made_once_seen_and_acts_as_its_employee(house):
    text = f"yw_{house.id}_" + "k" * 40
    house.do("tenant_admin", "kernel.apitoken.create", name="BI", member=house.members["guide"], secret=text)
    answer = Client().get("/api/v1/crm/customer", headers={"Authorization": f"Bearer {text}"})
    assert answer.status_code == 200
    with pytest.raises(Invalid):
        house.do("tenant_admin", "kernel.apitoken.create", name="BI", member=house.members["general_manager"], secret=text + "2")
    with pytest.raises(Invalid):
        house.do("tenant_admin", "kernel.apitoken.create", name="BI", member=house.members["guide"], secret="yw_1_short")
