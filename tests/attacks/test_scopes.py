"""Rows out of reach: another outlet's within one dealer, and another dealer's. Every register, every action."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from yiwei.kernel.base import registry
from yiwei.kernel.base.errors import NotFound
from yiwei.kernel.models import ImportRun
from yiwei.kernel.records import scope
from yiwei.kernel.records.attachments import attach
from yiwei.kernel.work.actions.action import perform
from yiwei.kernel.work.actions.fields import Lines, Pick
from yiwei.kernel.work.notify.send import tell

from .world import body_of, fresh_client, seeded

HX = {"HX-Request": "true"}


def out_of_reach(world):
    """(register, row) of every main register: rows of the other outlet that the spy with the scope "own" may not see."""
    actor = world.one.actor("own_spy")
    for register in registry.registers.values():
        row = world.row(world.one, "there", register.model)
        if register.main and row is not None:
            with world.one.inside():
                if not scope.visible(actor, row):
                    yield register, row


def foreign(world):
    """(register, row) of every main register: rows of the other dealer."""
    for register in registry.registers.values():
        row = world.row(world.two, "there", register.model)
        if register.main and row is not None and not own_has(world, register.model, row.pk):
            yield register, row


def own_has(world, model, pk):
    with world.one.inside():
        return model.objects.filter(pk=pk).exists()


WHO = {"own_spy": out_of_reach, "general_manager": foreign}


def test_there_is_enough_to_attack(world):
    assert len(list(out_of_reach(world))) > 25 and len(list(foreign(world))) > 50


@pytest.mark.parametrize("who", WHO)
def test_a_row_out_of_reach_is_not_there(world, who):
    client, wrong = world.client(who), {}
    for register, row in WHO[who](world):
        base = register.url("detail", row.pk)
        asked = {url: client.get(url, headers=HX) for url in (base, f"/api/v1/{register.room}/{register.slug}/{row.pk}")}
        if who == "general_manager" and register.model._meta.app_label not in ("crm", "org", "finance"):
            wrong |= {url: a.status_code for url, a in asked.items() if a.status_code != 404}
            continue  # the way to the row is the same for all of them
        asked[f"{base}comment/"] = client.post(f"{base}comment/", {"text": "x"})
        asked[f"{base}upload/"] = client.post(f"{base}upload/", {"file": SimpleUploadedFile("a.pdf", b"%PDF-1")})
        asked[f"{base}reveal/phone/"] = client.post(f"{base}reveal/phone/")
        wrong |= {url: a.status_code for url, a in asked.items() if a.status_code != 404}
    assert wrong == {}


@pytest.mark.parametrize("who", WHO)
def test_no_action_reaches_it(world, who):
    """By page and by API for one action of each kind of row, through the one door for all of them."""
    client, token, actor, wrong = world.client(who), world.token(who), world.one.actor(who), []
    for register, row in WHO[who](world):
        actions = [a for a in register.actions() if not a.creates]
        for act in actions:
            with pytest.raises(NotFound):
                perform(act, actor, row.pk, {})
        for act in actions[:1]:
            url = register.url("act", row.pk, verb=act.verb)
            api = f"/api/v1/{register.room}/{register.slug}/{row.pk}/{act.verb}"
            answers = client.get(url, headers=HX), client.post(url, {}), client.post(api, "{}", "application/json", headers=token)
            wrong += [(url, a.status_code) for a in answers if a.status_code != 404]
        for act in [a for a in actions if a.bulk][:1]:
            assert client.get(register.url("bulk", verb=act.verb), {"ids": row.pk}).status_code == 404
            client.post(register.url("bulk", verb=act.verb), {"ids": [row.pk, f"{row.pk}x", "-1", "9" * 30]})
            with context_of(world, who):
                assert register.model.objects.filter(pk=row.pk).values_list("version", flat=True).first() in (None, row.version)
    assert wrong == []


def texts_of(rows):
    """Everything that stands in rows."""
    return {str(row) for row in rows} | {str(getattr(row, f.name)) for row in rows if row is not None
                                         for f in row._meta.local_fields if f.get_internal_type() in ("CharField", "TextField")} - {""}


def context_of(world, who):
    return (world.one if who == "own_spy" else world.two).inside()


@pytest.mark.parametrize("who", WHO)
def test_lists_pickers_exports_and_search_never_show_it(world, who):
    """The words of the rows out of reach are on no page that shows many rows."""
    client = world.client(who)
    word = "Qxthereone" if who == "own_spy" else "Qxheretwo"
    hidden = {r.model for r, _row in WHO[who](world)}
    urls = [reverse("home"), reverse("todo")]
    for register in registry.registers.values():
        if register.model in hidden:
            api = f"/api/v1/{register.room}/{register.slug}"
            urls += [register.url("export"), f"{api}?limit=200"]
            urls += [register.url(), f"{register.url('pick')}?q={word}"] if who == "own_spy" else []
    for report in registry.reports.values():
        urls += [report.url(), reverse("report-export", args=[report.slug])]
    shared = texts_of([world.row(world.one, "there", m) for m in seeded() if m not in hidden]) if who == "own_spy" else []
    found = {}
    for url in urls:
        text = body_of(client.get(url, headers=HX))
        for name in sorted(shared, key=len, reverse=True):
            text = text.replace(name, "")
        if word in text:
            found[url] = text[max(0, text.index(word) - 60):text.index(word) + 60]
    assert found == {}


@pytest.mark.parametrize("who", WHO)
def test_global_search_finds_only_what_is_within_reach(world, who):
    client, dealer = world.client(who), world.one if who == "own_spy" else world.two
    hidden = [register.url("detail", row.pk) for register, row in WHO[who](world)]
    for word in ("Qxthereone", "Qxheretwo", "Qx", "13688765432", "5432", "Qxthere" + dealer.code):
        text = client.get(reverse("search"), {"q": word}, headers=HX).content.decode()
        assert [url for url in hidden if f'"{url}"' in text] == []
    seen = world.client("general_manager", dealer).get(reverse("search"), {"q": "Qxthere" + dealer.code}, headers=HX)
    assert 'href="/r/crm/customer/' in seen.content.decode()


def picks(fields):
    for name, field in fields.items():
        if isinstance(field, Pick):
            yield name, field, lambda pk, name=name, many=field.many: {name: [pk] if many else pk}
        elif isinstance(field, Lines):
            for inner, pick in field.fields.items():
                if isinstance(pick, Pick):
                    yield f"{name}.0.{inner}", pick, lambda pk, name=name, inner=inner: {name: [{inner: pk}]}


@pytest.mark.parametrize("who", WHO)
def test_no_input_takes_it(world, who):
    """Every picker of every action, also those in lines, refuses an id out of reach at its field."""
    from yiwei.kernel.work.actions import fields as inputs
    actor, tried = world.one.actor(who), 0
    hidden = {r.model: row for r, row in WHO[who](world)}
    with world.one.inside(who):
        for act in registry.actions.values():
            obj = None if act.creates else world.row(world.one, "here", act.model)
            if obj is None and not act.creates:
                continue
            for name, pick, raw in picks(act.inputs(actor, obj)):
                if pick.model in hidden:
                    _cleaned, errors = inputs.clean(act.inputs(actor, obj), raw(hidden[pick.model].pk), None, actor)
                    assert name in errors, (act.name, name)
                    tried += 1
    assert tried > 20


def test_files_of_a_row_go_only_to_who_sees_it(world):
    from yiwei.crm.models.customer import Customer
    row = world.row(world.one, "there", Customer)
    with world.one.inside():
        made = attach(world.one.actor("guide3"), row, SimpleUploadedFile("plan.pdf", b"%PDF-1.4 secret"))
        links = {who: made.url(world.one.actor(who)) for who in ("guide3", "own_spy", "general_manager")}
    assert fresh_client("guide3", world.one).get(links["guide3"]).status_code == 200
    assert world.client("general_manager").get(links["general_manager"]).status_code == 200
    for who, link in (("own_spy", links["own_spy"]), ("own_spy", links["guide3"]), ("general_manager", links["guide3"]),
                      ("general_manager", links["general_manager"][:-3] + "xx/")):
        assert world.client(who).get(link).status_code == 404, (who, link)
    assert world.client("general_manager", world.two).get(links["general_manager"]).status_code == 404


def test_the_reports_of_an_import_are_its_owners_alone(world, settings):
    with world.one.inside("guide"):
        run = ImportRun.objects.create(member_id=world.one.members["guide"], book="crm.customer", name="x.xlsx", state="done")
    assert world.client("guide").get(reverse("import-run", args=[run.pk])).status_code == 200
    for who in ("general_manager", "masked_spy", "tenant_admin"):
        for name in ("import-run", "import-refused"):
            assert world.client(who).get(reverse(name, args=[run.pk])).status_code == 404, (who, name)
        assert world.client(who).post(reverse("import-cancel", args=[run.pk])).status_code == 404
    with world.one.inside():
        assert not ImportRun.objects.get().cancel


def test_a_message_is_opened_by_who_got_it(world):
    from yiwei.kernel.models import Notification
    with world.one.inside():
        tell([world.one.members["guide"]], "Qxsecret message")
        pk = Notification.objects.latest("id").pk
    assert world.client("guide").get(reverse("notification", args=[pk])).status_code == 302
    for client in (world.client("general_manager"), world.client("guide", world.two)):
        assert client.get(reverse("notification", args=[pk])).status_code == 404
        assert "Qxsecret" not in client.get(reverse("notifications")).content.decode()


def test_a_repeated_key_does_not_show_what_went_out_of_reach(world):
    """Who made a customer and lost it cannot read it again by sending the old key."""
    token, body = world.token("guide"), json.dumps({"name": "Qxmine", "phone": "13911112222"})

    def send():
        url = "/api/v1/crm/customer/new/create"
        return world.client("guide").post(url, body, "application/json", headers={**token, "Idempotency-Key": "k"}).json()

    made = send()
    assert send() == {**made, "repeated": True}
    world.one.do("general_manager", "crm.customer.transfer", made["result"]["id"], owner=world.one.members["guide3"], reason="x",
                 performance_from="2026-01-01")
    world.one.do("guide3", "crm.customer.edit", made["result"]["id"], name="Qxtheirs", phone="13922223333")
    again = send()
    assert again["repeated"] and "result" not in again


def test_a_filters_picker_offers_only_what_one_opens_or_filters_by(world):
    client, actor = world.client("guide"), world.one.actor("guide")
    answers = {}
    for register in registry.registers.values():
        answers.setdefault(client.get(register.url("pick")).status_code, set()).add(f"{register.room}.{register.slug}")
        if register.allowed(actor):
            assert f"{register.room}.{register.slug}" in answers[200], register
    assert set(answers) == {200, 403} and "org.outlet" in answers[200]
    assert {"kernel.webhook", "kernel.apitoken", "kernel.change", "kernel.outbox", "rebate.rebatepolicy", "catalog.bankchange"} <= answers[403]
