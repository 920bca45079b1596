"""Sign-in safety through the screens (SYS-05): first password, lockout, second step, sessions."""

import re
import time
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from yiwei.kernel.models import SignInTry
from yiwei.kernel.signin import throttle, totp
from yiwei.kernel.testing import PASSWORD, make_dealer
from yiwei.org.models.user import SignInSession, User

COVERS = "SYS-05"
ENGLISH = {"accept-language": "en"}
RFC = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.fixture
def dealer(db):
    return make_dealer("one", sign_ins=True)


def attempt(password=PASSWORD, who="guide", client=None):
    return (client or Client()).post(reverse("signin"), {"username": f"{who}@one", "password": password}, headers=ENGLISH)


def signed_in(who="guide", password=PASSWORD, agent="Mozilla/5.0 (Windows NT 10.0) Chrome/140"):
    client = Client(headers={"user-agent": agent, **ENGLISH})
    assert attempt(password, who, client).status_code == 302
    return client


def user(dealer, who="guide"):
    with dealer.inside():
        return User.objects.get(username=f"{who}@one")


def inside(client):
    return client.get(reverse("todo")).status_code == 200


@pytest.mark.parametrize(("moment", "code"), [(59, "94287082"), (1111111109, "07081804"), (1111111111, "14050471"), (1234567890, "89005924"),
                                              (2000000000, "69279037"), (20000000000, "65353130")])
def test_codes_are_those_of_rfc_6238(moment, code):
    assert totp.code_at(RFC, moment // totp.STEP, digits=8) == code


def test_a_code_is_good_for_its_step_and_its_neighbours_once():
    code = totp.code_at(RFC, 1000)
    for step, good in ((998, False), (999, True), (1000, True), (1001, True), (1002, False)):
        assert (totp.matching_step(RFC, code, now=step * totp.STEP + 7) == 1000) is good
    assert totp.matching_step(RFC, code, after=1000, now=30_007) is None
    assert totp.matching_step(RFC, "１２３456", now=30_007) is None


def later(seconds=3600):
    """So much time goes by for everybody who waits."""
    for row in SignInTry.objects.all():
        SignInTry.objects.filter(pk=row.pk).update(until=row.until - timedelta(seconds=seconds))


def guesses(times, who="guide", client=None):
    """So many wrong passwords, each after its wait; how long the next one would have to wait."""
    for n in range(times):
        told = waits(attempt("nonsense", who, client))
        if n < times - 1:
            later()
    return told


def said(answer):
    return re.search(r"Too many failures[^<]*|[^<>]*is wrong\.", answer.content.decode())[0].strip()


def waits(answer):
    found = re.search(r"Try again in (\d+) (s|min)\.", said(answer))
    return int(found[1]) * (60 if found[2] == "min" else 1) if found else 0


def test_waits_grow_and_are_said_and_end_by_themselves(dealer):
    told = []
    for _n in range(16):
        told.append(guesses(1))
        later()
    assert told[:4] == [0] * 4 and told[4:9] == [2, 4, 8, 16, 32] and told[-1] == 900
    attempt("nonsense")
    assert waits(attempt()) > 800  # even the right password, from a device nobody knows
    later()
    assert attempt().status_code == 302
    assert waits(attempt("nonsense")) == 0  # whoever came in starts anew


def test_names_that_nobody_has_are_answered_alike(dealer):
    known, unknown = ([said(attempt("nonsense", who)) for _n in range(8)] for who in ("guide", "nobody"))
    assert known == unknown and "Too many failures" in known[-1]


def test_one_address_cannot_go_through_the_names(dealer):
    told = [waits(attempt("nonsense", f"name{n}")) for n in range(30)]
    assert not any(told[:19]) and all(told[20:])
    assert Client(REMOTE_ADDR="10.0.0.9").post(reverse("signin"), {"username": "guide@one", "password": PASSWORD}).status_code == 302


def test_a_device_from_which_one_has_come_in_is_not_held_up_by_others(dealer):
    known = signed_in()
    known.post(reverse("signout"))
    assert guesses(12) > 60 and waits(attempt()) > 60
    assert attempt(client=known).status_code == 302
    other = signed_in("cashier")
    guesses(12)
    assert waits(attempt("nonsense", "guide", other)) > 60  # it is known for its own name only
    assert guesses(20, client=known) == 60  # its own guesses are slowed down as well, but never for long


def test_a_forged_device_is_none(dealer):
    guesses(8)
    client = Client(headers=ENGLISH)
    client.cookies[throttle.COOKIE] = signing.dumps(["x", [throttle._digest("name", "guide@one")[:16]]], salt="another")
    assert waits(attempt(client=client))


def test_who_has_a_second_step_comes_in_whatever_others_try(dealer):
    secret, _codes = turn_on(signed_in())
    assert guesses(12) > 60
    assert waits(attempt("other nonsense")) > 60  # said as of every name
    client = Client(headers=ENGLISH)
    assert attempt(client=client).headers["Location"] == reverse("signin-code")
    assert second(client, totp.code_at(secret, int(time.time()) // totp.STEP + 1)).status_code == 302


def test_the_administrator_unlocks(dealer):
    page = f"/r/org/employee/{dealer.members['guide']}/"
    admin = signed_in("tenant_admin")
    assert 'data-verb="unlock"' not in admin.get(page).content.decode()
    for _n in range(9):
        attempt("nonsense")
        later(100)
    attempt("nonsense")
    assert 'data-verb="unlock"' in admin.get(page).content.decode()
    admin.post(page + "do/unlock/", {})
    assert attempt().status_code == 302


def test_a_first_password_must_be_changed_and_the_old_ones_are_not_taken_again(dealer):
    admin = signed_in("tenant_admin")
    admin.post(f"/r/org/employee/{dealer.members['guide']}/do/give_sign_in/", {"username": "guide@one", "password": "First-one-9"})
    client = signed_in(password="First-one-9")
    assert client.get("/").headers["Location"] == client.get(reverse("security")).headers["Location"] == reverse("password")
    for old, new, again in (("nonsense", "Other-one-9", "Other-one-9"), ("First-one-9", "Other-one-9", "Other-one-8"),
                            ("First-one-9", PASSWORD, PASSWORD), ("First-one-9", "12345678", "12345678")):
        assert client.post(reverse("password"), {"old": old, "new": new, "again": again}).status_code == 422
    client.post(reverse("password"), {"old": "First-one-9", "new": "Other-one-9", "again": "Other-one-9"})
    assert inside(client) and attempt("Other-one-9").status_code == 302


def turn_on(client):
    """Set up the second step by the screen; (secret, recovery codes)."""
    client.post(reverse("two-step-start"))
    page = client.get(reverse("security")).content.decode()
    secret = re.search(r"</svg><code>([A-Z2-7 ]+)</code>", page).group(1).replace(" ", "")
    assert client.post(reverse("two-step-on"), {"code": "000000"}).status_code == 422
    shown = client.post(reverse("two-step-on"), {"code": totp.code_at(secret, int(time.time()) // totp.STEP)}).content.decode()
    return secret, re.findall(r"<li>([0-9a-f]{6}-[0-9a-f]{6})</li>", shown)


def second(client, code):
    return client.post(reverse("signin-code"), {"code": code})


def test_the_second_step_asks_for_a_code(dealer):
    secret, codes = turn_on(signed_in())
    assert len(codes) == 8 and not set(codes) & set(user(dealer).recovery)
    client = Client(headers=ENGLISH)
    assert attempt(client=client).headers["Location"] == reverse("signin-code")
    assert not inside(client)
    assert second(client, "12").status_code == 422
    assert second(client, totp.code_at(secret, int(time.time()) // totp.STEP)).status_code == 422  # used when it was turned on
    assert second(client, totp.code_at(secret, int(time.time()) // totp.STEP + 1)).status_code == 302
    assert inside(client)


def test_a_recovery_code_works_once(dealer):
    _secret, codes = turn_on(signed_in())
    client, again = Client(), Client()
    attempt(client=client)
    assert second(client, codes[3].upper()).status_code == 302 and inside(client)
    attempt(client=again)
    assert second(again, codes[3]).status_code == 422 and not inside(again)


def test_guessing_codes_is_slowed_down_and_a_right_password_does_not_forgive_it(dealer):
    secret, _codes = turn_on(signed_in())
    for _n in range(8):
        client = Client(headers=ENGLISH)
        attempt(client=client)
        answer = second(client, "000000")
        later(0 if _n == 7 else 3600)
    assert waits(answer) > 8
    assert waits(second(client, totp.code_at(secret, int(time.time()) // totp.STEP + 1))) > 8


def test_the_second_step_cannot_be_entered_without_the_first(dealer):
    secret, _codes = turn_on(signed_in())
    client = Client()
    assert second(client, totp.code_at(secret, int(time.time()) // totp.STEP + 1)).headers["Location"] == reverse("signin")
    assert not inside(client)


def test_turning_off_needs_the_password_or_the_administrator(dealer):
    client = signed_in()
    turn_on(client)
    assert client.post(reverse("two-step-off"), {"password": "nonsense"}).status_code == 422 and user(dealer).two_step
    client.post(reverse("two-step-off"), {"password": PASSWORD})
    assert not user(dealer).two_step
    turn_on(client)
    admin = signed_in("tenant_admin")
    admin.post(f"/r/org/employee/{dealer.members['guide']}/do/two_step_off/", {"reason": "phone lost"})
    assert attempt().headers["Location"] == "/"


def test_sessions_are_listed_and_can_be_ended(dealer):
    here, phone = signed_in(), signed_in(agent="Mozilla/5.0 (iPhone; CPU) MicroMessenger/8")
    page = here.get(reverse("security")).content.decode()
    assert "Windows · Chrome" in page and "iPhone · WeChat" in page and page.count(">this session<") == 1
    assert "127.0.0.1" in page
    here.post(reverse("session-end", args=[phone.session["session"]]))
    assert not inside(phone) and inside(here)


def test_all_others_end_and_this_one_stays(dealer):
    here, others = signed_in(), [signed_in(), signed_in()]
    here.post(reverse("sessions-end"))
    assert inside(here) and not any(inside(c) for c in others)
    assert here.get(reverse("security")).content.decode().count("End this session") == 0


def test_nobody_ends_the_session_of_another(dealer):
    guide, manager = signed_in(), signed_in("store_manager")
    manager.post(reverse("session-end", args=[guide.session["session"]]))
    assert inside(guide)


def test_a_changed_password_ends_the_other_sessions(dealer):
    here, there = signed_in(), signed_in()
    here.post(reverse("password"), {"old": PASSWORD, "new": "Other-one-9", "again": "Other-one-9"})
    assert inside(here) and not inside(there)


@pytest.mark.parametrize(("verb", "data"), [("leave", {"left_on": "2026-01-31", "reason": ""}), ("suspend", {"reason": "x"}), ("end_sessions", {})])
def test_the_sessions_of_who_leaves_end_at_once(dealer, verb, data):
    guide = signed_in("guide1b")
    assert inside(guide)
    answer = signed_in("tenant_admin").post(f"/r/org/employee/{dealer.members['guide1b']}/do/{verb}/", data)
    assert answer.status_code == 302
    assert not inside(guide)
    assert guide.get("/api/v1/org/outlet").status_code == 401


def test_signing_out_ends_the_session_in_the_list_too(dealer):
    client = signed_in()
    pk = client.session["session"]
    client.post(reverse("signout"))
    with dealer.inside():
        assert SignInSession.objects.get(pk=pk).ended_at


def test_a_copied_session_dies_when_its_row_is_ended(dealer):
    client = signed_in()
    with dealer.inside():
        User.end_session(client.session["session"])
    assert client.get("/api/v1/org/outlet").status_code == 401
    assert not inside(client)
