"""Sessions, cookies, headers, redirects, forged requests, signed links."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from yiwei.crm.models.customer import Customer
from yiwei.kernel.models import ApiToken, SignInTry
from yiwei.kernel.records.tenancy import context
from yiwei.kernel.records.tenancy.models import Tenant
from yiwei.kernel.testing import PASSWORD
from yiwei.org.models.employee import Employee
from yiwei.portal.models.link import PortalLink
from yiwei.portal.rules import links

from .world import fresh_client

SIGN_IN = "/sign-in/"
ROWS = "/api/v1/crm/customer"


def try_in(client, name, password, **more):
    return client.post(SIGN_IN + more.pop("query", ""), {"username": name, "password": password}, **more)


def test_a_wrong_password_and_an_unknown_name_answer_alike(world):
    pages = [try_in(Client(), name, "x").content.decode().replace(name, "") for name in ("driver@one", "nobody@one", "driver@nowhere")]
    assert len({re.sub(r"[A-Za-z0-9]{64}", "", page) for page in pages}) == 1


@pytest.mark.parametrize("name", ["", "\0", "a\0b", "'; --", "x" * 5000, "%s", "ⅷ", "\ud83d\ude00"])
def test_no_name_breaks_the_sign_in(world, name):
    client = Client(raise_request_exception=False)
    assert client.post(SIGN_IN, {"username": name.encode("utf-8", "replace"), "password": name.encode("utf-8", "replace")}).status_code == 422


def test_signing_in_makes_a_new_session_with_nothing_of_the_old(world):
    client = Client()
    client.get(SIGN_IN)
    session = client.session
    session["planted"] = "x"
    session.save()
    client.cookies["yiwei_session"] = fixed = session.session_key
    assert try_in(client, "driver@one", PASSWORD).status_code == 302
    assert client.cookies["yiwei_session"].value != fixed and "planted" not in client.session
    stolen = Client()
    stolen.cookies["yiwei_session"] = fixed
    assert stolen.get("/").status_code == 302


def end_by_password(world, client):
    other = fresh_client("driver", world.one)
    assert other.post("/password/", {"old": PASSWORD, "new": "Another-pass-77", "again": "Another-pass-77"}).status_code == 302
    assert other.get("/").status_code == 200


def end_by_reset(world, client):
    world.one.do("tenant_admin", "org.employee.give_sign_in", world.one.members["driver"], username="driver@one", password="Third-pass-77")


def end_by_leaving(world, client):
    world.one.do("tenant_admin", "org.employee.leave", world.one.members["driver"], left_on="2026-01-01")


def end_by_suspension(world, client):
    world.one.do("tenant_admin", "org.employee.suspend", world.one.members["driver"], reason="x")


def end_of_the_dealer(world, client):
    with world.one.inside():
        Tenant.objects.filter(pk=world.one.id).update(active=False)


@pytest.mark.parametrize("end", [end_by_password, end_by_reset, end_by_leaving, end_by_suspension, end_of_the_dealer])
def test_an_ended_session_opens_nothing(world, end):
    client = fresh_client("driver", world.one)
    own = "/api/v1/service/delivery"
    assert client.get("/").status_code == 200 and client.get(own).status_code == 200
    end(world, client)
    assert client.get(own).status_code == 401
    assert client.get("/").headers["Location"].startswith(SIGN_IN)


def test_a_forged_tenant_or_member_in_the_session_opens_nothing(world):
    for change in ({"tenant": world.two.id}, {"member": world.one.members["general_manager"]}, {"stamp": None}, {"tenant": 0}):
        client = fresh_client("driver", world.one)
        session = client.session
        session.update(change)
        session.save()
        assert client.get("/api/v1/service/delivery").status_code == 401, change
        assert client.get("/").status_code == 302, change


@pytest.mark.parametrize("header", ["Bearer", "Bearer yw_", "Bearer yw_1_x", "Bearer yw_x_y", f"Bearer yw_{'9' * 30}_x", "Bearer yw_-1_x",
                                    "Bearer yw_0_x", "Bearer yw_１_x", "Bearer yw_1_\x7f", "Basic x", "Bearer yw_1_' or 1=1 --"])
def test_a_wrong_key_opens_nothing(world, header):
    answer = Client(raise_request_exception=False).get(ROWS, headers={"Authorization": header})
    assert answer.status_code == 401


def test_a_key_ends_with_its_day_its_owner_and_its_tenant(world):
    token = world.token("guide")
    bare = Client()
    assert bare.get(ROWS, headers=token).status_code == 200
    other = token["Authorization"].replace(f"yw_{world.one.id}_", f"yw_{world.two.id}_")
    assert bare.get(ROWS, headers={"Authorization": other}).status_code == 401
    with world.one.inside():
        ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert bare.get(ROWS, headers=token).status_code == 401
    with world.one.inside():
        ApiToken.objects.update(expires_at=None)
        Employee.objects.filter(pk=world.one.members["guide"]).update(state="suspended")
    assert bare.get(ROWS, headers=token).status_code == 401


def test_a_signed_in_browser_cannot_be_made_to_write(world):
    """No POST without the token of the form; the API takes no POST by cookie at all."""
    client = Client(enforce_csrf_checks=True)
    client.cookies["yiwei_session"] = fresh_client("general_manager", world.one).cookies["yiwei_session"].value
    row = world.row(world.one, "here", Customer)
    base = f"/r/crm/customer/{row.pk}/"
    for url in (f"{base}do/edit/", f"{base}comment/", f"{base}upload/", f"{base}reveal/phone/", "/r/crm/customer/new/create/",
                "/r/crm/customer/bulk/release/", "/r/crm/customer/view/", "/r/crm/customer/import/", "/notifications/read/", "/password/",
                "/sign-out/", "/sign-in/", "/language/"):
        assert client.post(url, {"text": "x"}).status_code == 403, url
    assert client.post(f"{ROWS}/new/create", "{}", "application/json").status_code == 401
    assert client.get(ROWS).status_code == 200


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "///evil.example", "\\\\evil.example", "/\\evil.example",
                                    "javascript:alert(1)", "http:evil.example", " //evil.example", "\t//evil.example", "https:/evil.example"])
def test_no_redirect_leads_out_of_the_house(world, target):
    from urllib.parse import urlencode
    answer = try_in(Client(), "driver@one", PASSWORD, query="?" + urlencode({"next": target}))
    assert answer.status_code == 302 and answer.headers["Location"] == "/"
    moved = Client().post("/language/", {"language": "en", "next": target})
    assert "evil" not in moved.headers["Location"] and "javascript" not in moved.headers["Location"]


def test_a_bulk_action_leads_back_into_the_house(world):
    client, address = world.client("general_manager"), "/r/crm/customer/bulk/release/"
    for page, leads in (("https://evil.example/", "/r/crm/customer/"), ("http://testserver/r/crm/customer/?q=a", "http://testserver/r/crm/customer/?q=a")):
        answer = client.post(address, {"ids": "0", "reason": "x"}, headers={"HX-Request": "true", "HX-Current-URL": page})
        assert answer.headers["HX-Redirect"] == leads


def test_strangers_come_back_to_where_they_wanted(world):
    answer = Client().get("/r/crm/customer/")
    assert answer.headers["Location"] == "/sign-in/?next=/r/crm/customer/"
    odd = Client().get("/r/crm%2F%2Fevil.example&next=//evil.example/%0d%0aX-Y:z/")
    assert odd.status_code in (302, 404) and "X-Y" not in odd.headers


def test_a_foreign_host_is_refused(world):
    for host in ("evil.example", "127.0.0.1.evil.example", "localhost:80@evil.example"):
        assert Client(raise_request_exception=False, headers={"Host": host}).get(SIGN_IN).status_code == 400


def test_headers_and_cookies_guard_every_kind_of_page(world, settings):
    client = fresh_client("guide", world.one)
    for url in (SIGN_IN, "/", "/r/crm/customer/", "/r/crm/customer/999999/", ROWS, "/c/false/", "/r/org/position/"):
        answer = client.get(url)
        assert answer["X-Frame-Options"] == "DENY" and answer["X-Content-Type-Options"] == "nosniff", url
        policy = answer["Content-Security-Policy"]
        assert "script-src 'self';" in policy and "frame-ancestors 'none'" in policy and "unsafe-eval" not in policy, url
        assert answer["Referrer-Policy"] in ("same-origin", "no-referrer"), url
        if url not in (SIGN_IN, "/c/false/"):
            assert answer["Cache-Control"] == "private, no-store", url
    session, csrf = client.cookies["yiwei_session"], client.cookies.get("yiwei_csrf")
    assert session["httponly"] and session["samesite"] == "Lax" and (csrf is None or csrf["samesite"] == "Lax")
    from yiwei.config import settings as house
    assert house.SESSION_COOKIE_SECURE is house.HTTPS and house.CSRF_COOKIE_SECURE is house.HTTPS and not house.DEBUG


# -- links without sign-in ------------------------------------------------------------------------

def portal_link(world, days=1):
    customer = world.row(world.one, "here", Customer)
    with world.one.inside():
        link = PortalLink.objects.create(customer=customer, expires_at=timezone.now() + timedelta(days=days))
        return link, links.path_of(link)


def test_every_changed_letter_of_a_link_ends_it(world):
    _link, path = portal_link(world)
    bare, token = Client(raise_request_exception=False), path.split("/")[2]
    assert bare.get(path).status_code == 200
    for at in range(len(token)):
        false = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1:]
        assert bare.get(f"/c/{false}/").status_code == 404, at


def test_a_token_made_for_something_else_opens_no_link(world):
    link, path = portal_link(world)
    bare = Client(raise_request_exception=False)
    for value in ([link.tenant_id, link.pk, link.nonce, 1], [link.pk], "x", None, {"a": 1}, [link.tenant_id, "x", link.nonce],
                  [10 ** 30, link.pk, link.nonce], [world.two.id, link.pk, link.nonce], [None, link.pk, link.nonce], ["x", link.pk, link.nonce],
                  [link.tenant_id, 10 ** 30, link.nonce], [link.tenant_id, link.pk, ["x"]]):
        assert bare.get(f"/c/{signing.dumps(value, salt='portal', compress=True)}/").status_code == 404, value
    assert bare.get(f"/c/{signing.dumps([link.tenant_id, link.pk, link.nonce], salt='file', compress=True)}/").status_code == 404
    file = fresh_client("guide", world.one)
    for value in ([1], None, "x", [world.one.id, 10 ** 30, world.one.members["guide"]], [world.one.id, "x", world.one.members["guide"]]):
        assert file.get(f"/file/{signing.dumps(value, salt='file', compress=True)}/").status_code == 404, value


def test_a_link_ends_when_the_dealer_is_closed_and_shows_no_other_design(world):
    _link, path = portal_link(world)
    from yiwei.orders.models.design import DesignVersion
    bare = Client()
    there = world.row(world.one, "there", DesignVersion).pk
    assert bare.get(f"{path}design/{there}/").status_code == 404
    assert bare.get(f"{path}design/{'9' * 25}/").status_code == 404
    end_of_the_dealer(world, None)
    assert bare.get(path).status_code == 404
    assert context.tenant_id() is None


def test_the_portal_says_nothing_that_is_for_the_house(world):
    from .world import HIDDEN_TEXT, PHONES
    _link, path = portal_link(world)
    text = Client().get(path).content.decode()
    assert "Qxhereonename" in text
    for hidden in (HIDDEN_TEXT, PHONES["there"], "76,543.2", "76543.2", "Qxhereoneremark"):
        assert hidden not in text


def test_an_address_of_the_house_is_not_built_from_the_host(world):
    client = fresh_client("guide", world.one, headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"})
    assert "evil.example" not in client.get(reverse("home")).content.decode()


def test_guessing_the_password_in_a_session_left_open_is_slowed_down(world):
    for address, field in (("password", "old"), ("two-step-off", "password")):
        client = fresh_client("accountant", world.one)
        for n in range(5):
            assert client.post(reverse(address), {field: f"wrong-{n}", "new": "Another-pass-1", "again": "Another-pass-1"}).status_code == 422
        assert client.post(reverse(address), {field: PASSWORD, "new": "Another-pass-1", "again": "Another-pass-1"}).status_code == 422
        assert try_in(Client(), "accountant@one", PASSWORD).status_code == 302  # who guesses there does not hold up the sign-in
        SignInTry.objects.all().delete()
