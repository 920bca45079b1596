"""A forgotten password: a code by SMS to the own phone (SYS-05)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from yiwei.kernel.testing import PASSWORD, make_dealer
from yiwei.kernel.work.notify import outgoing
from yiwei.kernel.work.notify.models import Outbox
from yiwei.org.models.employee import Employee
from yiwei.org.models.user import ResetCode, User

COVERS = "SYS-05"
ENGLISH = {"accept-language": "en"}
NEW = "A-new-Passw0rd-26"


@pytest.fixture
def dealer(db, settings):
    settings.YIWEI_GATEWAYS = {"sms": "http://127.0.0.1:9/sms"}
    made = make_dealer("one", sign_ins=True)
    with made.inside():
        Employee.objects.filter(pk=made.members["guide"]).update(phone="13900001111")
    return made


def ask(who="guide", client=None):
    client = client or Client(headers=ENGLISH)
    answer = client.post(reverse("password-forgotten"), {"username": f"{who}@one"})
    assert answer.status_code == 302 and answer["Location"] == reverse("password-code")
    return client


def code(dealer):
    with dealer.inside():
        return ResetCode.objects.latest("id").code


def enter(client, number, new=NEW, again=None):
    return client.post(reverse("password-code"), {"code": number, "new": new, "again": again or new})


def signs_in(password, who="guide"):
    return Client(headers=ENGLISH).post(reverse("signin"), {"username": f"{who}@one", "password": password}).status_code == 302


def test_the_code_opens_a_new_password_once_and_ends_all_sessions(dealer):
    elsewhere = Client(headers=ENGLISH)
    elsewhere.post(reverse("signin"), {"username": "guide@one", "password": PASSWORD})
    assert reverse("password-forgotten") in Client(headers=ENGLISH).get(reverse("signin")).content.decode()
    client = ask()
    number = code(dealer)
    answer = enter(client, number)
    assert answer.status_code == 302 and "changed=1" in answer["Location"]
    assert "Sign in with it" in client.get(answer["Location"]).content.decode()
    assert signs_in(NEW) and not signs_in(PASSWORD)
    assert elsewhere.get(reverse("todo")).status_code == 302
    again = ask()
    assert enter(again, number, "Another-Passw0rd-1").status_code == 422 and signs_in(NEW)


def test_the_answer_is_the_same_for_every_name_and_only_a_phone_gets_a_code(dealer):
    for who in ("guide", "designer", "nobody"):      # the designer has no phone
        page = ask(who).get(reverse("password-code")).content.decode()
        assert "If this sign-in name is known" in page
    with dealer.inside():
        assert [m.receiver for m in Outbox.objects.filter(template="password-code")] == ["13900001111"]


def test_the_code_stands_in_no_book_and_leaves_at_night_too(dealer, monkeypatch):
    ask()
    number, sent = code(dealer), []
    monkeypatch.setitem(outgoing.WAYS, "sms", lambda row: sent.append(outgoing.text_of(row)))
    with dealer.inside():
        row = Outbox.objects.get(template="password-code")
        assert number not in row.text and "{code}" in row.text
        night = timezone.localtime().replace(hour=23) + timedelta(days=1)
        assert outgoing.send_waiting(night) == (1, 0)
    assert number in sent[0] and "{code}" not in sent[0]


def test_wrong_codes_are_counted_and_old_ones_are_no_good(dealer):
    client, number = ask(), code(dealer)
    wrong = f"{(int(number) + 1) % 1_000_000:06d}"
    for _n in range(5):
        assert enter(client, wrong).status_code == 422
    assert enter(client, number).status_code == 422          # the right one comes too late
    with dealer.inside():
        ResetCode.objects.update(tries=0, at=timezone.now() - timedelta(minutes=11))
    assert enter(client, code(dealer)).status_code == 422
    assert signs_in(PASSWORD)


def test_codes_are_limited_and_a_weak_or_old_password_is_refused_without_losing_the_code(dealer):
    client = ask()
    for _n in range(4):
        ask()
    with dealer.inside():
        assert ResetCode.objects.count() == 1                  # one a minute
        ResetCode.objects.update(at=timezone.now() - timedelta(minutes=2))
    number = code(dealer)
    for new, again in (("12345678", None), (PASSWORD, None), (NEW, "different")):
        assert enter(client, number, new, again).status_code == 422
    assert enter(client, number).status_code == 302


def test_a_lock_is_lifted_and_the_second_step_stays(dealer):
    for _n in range(5):
        signs_in("wrong-password")
    assert not signs_in(PASSWORD)
    with dealer.inside():
        User.objects.get(username="guide@one").two_step_on("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", 0)
    client = ask()
    assert enter(client, code(dealer)).status_code == 302
    answer = Client(headers=ENGLISH).post(reverse("signin"), {"username": "guide@one", "password": NEW})
    assert answer["Location"] == reverse("signin-code")


def test_who_has_left_gets_no_code_and_without_a_gateway_nobody_does(dealer, settings):
    with dealer.inside():
        Employee.objects.filter(pk=dealer.members["guide"]).update(state="suspended")
    ask()
    settings.YIWEI_GATEWAYS = {}
    client = Client(headers=ENGLISH)
    assert "Ask your administrator" in client.get(reverse("password-forgotten")).content.decode()
    client.post(reverse("password-forgotten"), {"username": "guide@one"})
    with dealer.inside():
        assert not ResetCode.objects.exists()


def test_a_code_in_full_width_is_read_and_no_text_breaks_the_page(dealer):
    client = ask()
    assert enter(client, "é²x").status_code == 422
    with dealer.inside():
        assert ResetCode.objects.get().tries == 1
    wide = "".join(chr(ord(c) + 0xFEE0) for c in code(dealer))
    assert enter(client, wide).status_code == 302 and signs_in(NEW)
