"""The console: dealers opened, suspended, resumed and helped to sign in again; everything stands in the log."""

import io
import re

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from yiwei.kernel.models import Notification, Outbox, Timeline
from yiwei.kernel.records.tenancy import context
from yiwei.kernel.screens.api.views import issue
from yiwei.kernel.testing import PASSWORD
from yiwei.org.models.employee import Employee
from yiwei.org.models.user import User
from yiwei.platform.models.administrator import Log
from yiwei.platform.rules.dealers import make_administrator

from .conftest import OPERATOR, signed_in

NEW = {"code": "newone", "name": "New One", "admin_name": "Li", "username": ""}


def page(client, name, *args):
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def acts(client):
    with context.entered(None, operator=client.session["platform"]):
        return list(Log.objects.order_by("id").values_list("act", "dealer_code", "text"))


def test_the_console_lists_dealers_with_their_figures(dealer, other, operator):
    text = page(operator, "platform")
    assert "Dealer one" in text and "Dealer two" in text
    with dealer.inside():
        people = Employee.objects.filter(state="active").count()
    assert len(re.findall(rf">\s*{people}\s*</td>", text)) == 2 and f"<b>{2 * people}</b>" in text


def test_opening_a_dealer_shows_the_first_password_once_and_it_must_be_changed(operator):
    target = operator.post(reverse("platform-open"), NEW).headers["Location"]
    text = operator.get(target).content.decode()
    password = re.search(r"<code>(?!admin@)([^<]+)</code>", text).group(1)
    assert "admin@newone" in text
    assert password not in operator.get(target).content.decode()
    admin = signed_in("admin@newone", password)
    assert admin.get("/r/org/employee/").headers["Location"] == reverse("password")
    changed = admin.post(reverse("password"), {"old": password, "new": "Quite-Another-1", "again": "Quite-Another-1"})
    assert changed.status_code == 302
    assert admin.get("/r/org/employee/").status_code == 200
    assert acts(operator) == [("open", "newone", "New One · admin@newone")]


@pytest.mark.parametrize(("wrong", "where"), [({"code": "Ö"}, "code"), ({"code": "one"}, "code"), ({"name": ""}, "name"),
                                              ({"username": "guide@one"}, "username"), ({"username": OPERATOR}, "username")])
def test_a_wrong_entry_opens_nothing(dealer, operator, wrong, where):
    answer = operator.post(reverse("platform-open"), NEW | wrong)
    assert answer.status_code == 422 and f'id="id_{where}"' in answer.content.decode()
    assert acts(operator) == [] and "New One" not in page(operator, "platform")


def test_a_suspended_dealer_is_shut_and_told_why(dealer, operator):
    guide = signed_in("guide@one")
    with dealer.inside():
        key = issue(dealer.members["general_manager"], "till")
    program = {"authorization": f"Bearer {key}"}
    assert guide.get("/r/org/outlet/").status_code == Client().get("/api/v1/org/employee", headers=program).status_code == 200
    operator.post(reverse("platform-suspend", args=[dealer.id]), {"reason": "Not paid"})
    assert guide.get("/r/org/outlet/").headers["Location"] == reverse("signin")
    refused = Client().get("/api/v1/org/employee", headers=program)
    assert refused.status_code == 401 and "suspended" in Client().get(
        "/api/v1/org/employee", headers=program | {"accept-language": "en"}).json()["message"]
    told = Client().post(reverse("signin"), {"username": "guide@one", "password": PASSWORD}, headers={"accept-language": "en"})
    assert told.status_code == 422 and "access is suspended" in told.content.decode()
    silent = Client().post(reverse("signin"), {"username": "guide@one", "password": "wrong"}, headers={"accept-language": "en"})
    assert "suspended" not in silent.content.decode()
    operator.post(reverse("platform-resume", args=[dealer.id]), {"reason": "Paid"})
    assert signed_in("guide@one").get("/r/org/outlet/").status_code == 200
    assert [a[:2] for a in acts(operator)] == [("suspend", "one"), ("resume", "one")]
    assert "Not paid" in page(operator, "platform-log") and "Not paid" in page(operator, "platform-dealer", dealer.id)


def test_suspending_needs_a_reason_and_happens_once(dealer, operator):
    assert operator.post(reverse("platform-suspend", args=[dealer.id]), {"reason": ""}).status_code == 422
    operator.post(reverse("platform-suspend", args=[dealer.id]), {"reason": "x"})
    assert operator.post(reverse("platform-suspend", args=[dealer.id]), {"reason": "x"}).status_code == 422
    assert len(acts(operator)) == 1


def reset(operator, dealer, username):
    return operator.post(reverse("platform-reset", args=[dealer.id]), {"username": username}, headers={"accept-language": "en"})


def test_a_reset_goes_to_the_administrators_own_mail_and_never_to_the_operator(dealer, operator):
    admin = signed_in("tenant_admin@one")
    with dealer.inside():
        Employee.objects.filter(pk=dealer.members["tenant_admin"]).update(email="li@example.cn")
    reset(operator, dealer, "tenant_admin@one")
    with dealer.inside():
        message = Outbox.objects.get(channel="email", receiver="li@example.cn").text
    password = re.search(r"[\w-]{12}", message).group()
    assert password not in page(operator, "platform-dealer", dealer.id)
    assert admin.get("/").headers["Location"] == reverse("signin")
    assert signed_in("tenant_admin@one", password).get("/").headers["Location"] == reverse("password")


def test_the_dealer_is_told_of_a_reset(dealer, operator):
    reset(operator, dealer, "tenant_admin@one")
    with dealer.inside():
        assert Timeline.objects.get(action="platform.reset").object_id == dealer.members["tenant_admin"]
        assert set(Notification.objects.values_list("member_id", flat=True)) >= {dealer.members["general_manager"], dealer.members["tenant_admin"]}


def test_in_a_dealer_at_work_no_password_is_shown_to_the_operator(dealer, operator):
    assert signed_in("guide@one")
    assert reset(operator, dealer, "admin@one").status_code == 422


def test_while_nobody_has_signed_in_the_password_is_shown(dealer, operator):
    text = operator.get(reset(operator, dealer, "admin@one").headers["Location"]).content.decode()
    password = re.search(r"<code>(?!admin@)([^<]+)</code>", text).group(1)
    assert signed_in("admin@one", password).get("/").headers["Location"] == reverse("password")


def test_who_has_signed_in_and_has_no_address_is_not_reset(dealer, operator):
    admin = signed_in("tenant_admin@one")
    answer = reset(operator, dealer, "tenant_admin@one")
    assert answer.status_code == 422 and "neither e-mail nor phone" in answer.content.decode()
    assert admin.get("/").status_code == 200 and signed_in("tenant_admin@one")


def test_only_administrators_of_the_dealer_can_be_reset(dealer, other, operator):
    for username in ("general_manager@one", "guide@one", "tenant_admin@two", OPERATOR):
        assert reset(operator, dealer, username).status_code == 422
    assert acts(operator) == []


def test_an_operator_must_change_a_first_password_before_anything(db):
    make_administrator("second@yiwei", "Second", PASSWORD, must_change=True)
    client = signed_in("second@yiwei")
    assert client.get(reverse("platform")).headers["Location"] == reverse("password")
    client.post(reverse("password"), {"old": PASSWORD, "new": "Quite-Another-1", "again": "Quite-Another-1"})
    assert client.get(reverse("platform")).status_code == 200


def test_the_name_of_an_operator_is_taken_for_employees_too(dealer, administrator):
    with pytest.raises(IntegrityError), dealer.inside(), transaction.atomic():
        User.objects.create(username=OPERATOR.upper(), member_id=dealer.members["guide1b"])


def test_the_command_makes_an_administrator_and_gives_a_new_password_later(db):
    def made():
        said = io.StringIO()
        call_command("platform_admin", "third@yiwei", "--name", "Third", stdout=said)
        return re.search(r"password (\S+),", said.getvalue()).group(1)

    first = made()
    client = signed_in("third@yiwei", first)
    assert client.get("/").headers["Location"] == reverse("password")
    second = made()
    assert client.get(reverse("password")).headers["Location"] == reverse("signin")
    assert Client().post(reverse("signin"), {"username": "third@yiwei", "password": first}).status_code == 422
    assert signed_in("third@yiwei", second)


def test_an_operator_has_the_same_safety_as_everybody(operator):
    page = operator.get(reverse("security")).content.decode()
    assert OPERATOR in page and operator.get(reverse("password")).status_code == 200
    other = signed_in(OPERATOR)
    operator.post(reverse("sessions-end"))
    assert operator.get(reverse("platform")).status_code == 200
    assert other.get(reverse("platform")).headers["Location"] == reverse("signin")
    for _n in range(5):
        answer = Client().post(reverse("signin"), {"username": OPERATOR, "password": "nonsense"}, headers={"accept-language": "en"})
    assert "Too many failures" in answer.content.decode()
