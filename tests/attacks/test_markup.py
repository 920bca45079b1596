"""Whatever people type stays text on every page."""

import json
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from yiwei.crm.models.customer import Customer
from yiwei.kernel.base import registry
from yiwei.kernel.models import Attachment
from yiwei.kernel.records.document import log
from yiwei.kernel.work.dual_control import AccountChange
from yiwei.kernel.work.notify.send import tell
from yiwei.org.models.employee import Employee

from .test_sign_in import portal_link
from .world import body_of, pages_of, seeded

TAG = '"><img src=x onerror=alert(1)>\'</script><script>alert(2)</script>{{7*7}}'
LIVE = re.compile(r"<img src=x|<script>alert|</script><script>")
HX = {"HX-Request": "true"}
ACCOUNTS = {model._meta.label for change in AccountChange.__subclasses__() for model in (change, change._meta.get_field(change.holder).related_model)}
FROZEN = {("crm.CustomerMerge", "reason"), *((label, "account") for label in ACCOUNTS)}  # what the database lets nobody write alone


@pytest.fixture
def poisoned(world):
    """Every text of every row of the guide, its timeline, files and messages bear a tag."""
    with world.one.inside("guide"):
        actor = world.one.actor("guide")
        for model in [*seeded(), Employee]:
            row = world.row(world.one, "here", model)
            texts = {f.name: TAG[:f.max_length] for f in model._meta.local_fields
                     if f.get_internal_type() in ("CharField", "TextField") and not f.choices and not f.name.endswith(("state", "model", "action"))
                     and f.name not in ("table_name", "username", "digest", "nonce", "code", "number", "phone", "spare_phone", "base")
                     and (model._meta.label, f.name) not in FROZEN and (f.max_length or 99) > 30 and not any(f.name in getattr(c, "fields", ()) for c in model._meta.constraints)}
            if texts and row is not None and not model.append_only:
                model.objects.filter(pk=row.pk).update(**texts)
            if row is not None:
                log(actor, row, "comment", text=TAG, data={TAG: TAG})
        customer = world.row(world.one, "here", Customer)
        Attachment.objects.create(model="crm.customer", object_id=customer.pk, name=TAG, media_type="image/png", size=1, digest="0" * 64, by=TAG[:60])
        tell([world.one.members["general_manager"]], TAG, customer)
    return world


def test_nothing_typed_becomes_markup(poisoned):
    client, live, seen = poisoned.client("general_manager"), [], 0
    urls = [reverse("home"), reverse("todo"), reverse("notifications"), f"{reverse('search')}?q={TAG}", f"{reverse('search')}?q=img"]
    for register in registry.registers.values():
        row = poisoned.row(poisoned.one, "here", register.model)
        if register.main and row is not None:
            urls += [f"{register.url()}?q={TAG}", register.url(), *[u for u in pages_of(register, row.pk) if not u.startswith("/api")]]
            urls += [register.url("act", row.pk, verb=a.verb) for a in register.actions() if not a.creates and a.verb in ("edit", "change")]
        if register.board:
            urls.append(register.url("board"))
    for report in registry.reports.values():
        urls += [report.url(), f"{report.url()}?by=owner&outlet={TAG}&date={TAG}"]
    for url in urls:
        text = body_of(client.get(url, headers=HX))
        live += [url] if LIVE.search(text) or "49" in text and "{{7*7}}" not in text and ">49<" in text else []
        seen += "&lt;img src=x" in text
    assert live == [] and seen > 80


def test_names_in_charts_stay_data(poisoned):
    """An ECharts option lies in the page as JSON that cannot end its script element."""
    from yiwei.finance.models.receipt import Receipt
    with poisoned.one.inside():
        Receipt.objects.update(received_on=timezone.localdate())
        Employee.objects.filter(pk=poisoned.one.members["guide"]).update(name=TAG[:60])
    text = poisoned.client("general_manager").get("/report/receipts-summary/?by=owner&pending=1").content.decode()
    options = re.findall(r'<script type="application/json">(.*?)</script>', text, re.S) + re.findall(
        r'<script id="[^"]*" type="application/json">(.*?)</script>', text, re.S)
    assert any(TAG[:20] in str(json.loads(o)) for o in options)
    assert not LIVE.search(text)


def test_the_portal_shows_text_as_text(poisoned):
    from django.test import Client
    _link, path = portal_link(poisoned)
    text = Client().get(path).content.decode()
    assert "&lt;img src=x" in text and not LIVE.search(text)


def test_refusals_and_names_of_views_stay_text(poisoned):
    client = poisoned.client("guide")
    answer = client.post("/r/crm/customer/new/create/", {"name": TAG, "phone": TAG, "level": TAG, "source": TAG, "community": TAG}, headers=HX)
    assert answer.status_code == 422 and not LIVE.search(answer.content.decode()) and "&lt;img" in answer.content.decode()
    client.post(f"/r/crm/customer/view/?q={TAG}", {"name": TAG})
    client.post("/r/crm/customer/bulk/release/", {"ids": [TAG], "reason": TAG})
    assert not LIVE.search(client.get("/r/crm/customer/").content.decode())
    assert not LIVE.search(client.get(f"/r/crm/customer/?cols={TAG}&sort={TAG}&state={TAG}&owner={TAG}&view={TAG}").content.decode())
    assert not LIVE.search(client.post("/sign-in/", {"username": TAG, "password": TAG}).content.decode())
    assert not LIVE.search(client.get(f"/r/{TAG}/x/").content.decode())
