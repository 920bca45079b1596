"""What lists count, order and show, without a browser."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from yiwei.crm.models.customer import Customer
from yiwei.crm.models.traffic import Visit
from yiwei.crm.screens.customers import Customers
from yiwei.crm.screens.visits import Visits
from yiwei.finance.screens.finance import Receipts
from yiwei.kernel.screens.registers import queues
from yiwei.kernel.screens.registers.groups import grouped
from yiwei.kernel.screens.registers.listing import Page, filtered, totals
from yiwei.kernel.testing import PASSWORD, make_dealer
from yiwei.org.models.employee import Employee

from .scene import furnish


@pytest.fixture
def dealer(db):
    return make_dealer("lists", sign_ins=True)


def customers(dealer, number, who="guide", **more):
    with dealer.inside(who):
        return [Customer.start(dealer.actor(who), name=f"客{n}", phone=f"139{n:08d}", **more) for n in range(number)]


def tabs(dealer, who, register, **params):
    """(shown tab, {tab: count}) as the list opens."""
    query, actor = QueryDict(mutable=True), dealer.actor(who)
    query.update(params)
    with dealer.inside(who):
        found = queues.counts(actor, filtered(register, actor, query), queues.queues_of(register, actor))
        return queues.opening(register, params, params.get("queue", ""), found), found


def test_a_guide_begins_with_his_own_and_a_manager_with_what_is_unfinished(dealer):
    customers(dealer, 3)
    customers(dealer, 2, "guide1b")
    shown, found = tabs(dealer, "guide", Customers)
    assert shown == "waiting" and found["waiting"] == found["mine"] == 3   # without a plan they wait for a call
    with dealer.inside("guide"):
        Customer.objects.update(next_contact=timezone.localdate() + timedelta(days=3))
    shown, found = tabs(dealer, "guide", Customers)
    assert shown == "mine" and found["mine"] == 3
    shown, found = tabs(dealer, "store_manager", Customers)
    assert shown == "open" and (found["mine"], found["open"], found["all"]) == (0, 5, 5)


def test_what_is_filtered_or_looked_for_is_shown_in_all_tabs(dealer):
    customers(dealer, 2)
    assert tabs(dealer, "guide", Customers, state="lost")[0] == "all"
    assert tabs(dealer, "guide", Customers, state="lead", queue="mine") [0] == "mine"
    assert tabs(dealer, "guide", Customers, q="客1", queue="today")[0] == "all"
    assert tabs(dealer, "guide", Customers, queue="nonsense")[0] == "waiting"


def test_many_are_said_to_be_many(dealer, monkeypatch):
    monkeypatch.setattr(queues, "MOST", 3)
    customers(dealer, 5)
    found = tabs(dealer, "guide", Customers)[1]
    assert found["all"] == 4 and queues.count_text(found["all"]) == "3+" and queues.count_text(3) == "3"


@pytest.mark.parametrize("sort", ["next_contact", "-next_contact"])
def test_pages_follow_a_day_that_some_rows_lack(dealer, sort):
    """Forwards and back again: every row once, those without a day at one end."""
    made = customers(dealer, 7)
    today, actor = timezone.localdate(), dealer.actor("guide")
    with dealer.inside("guide"):
        for n, one in enumerate(made):
            Customer.objects.filter(pk=one.pk).update(next_contact=None if n % 3 == 0 else today + timedelta(days=n % 2))
        whole = [c.pk for c in Page(Customers, actor, {"sort": sort}, 100).rows]
        seen, cursor = [], {}
        while True:
            page = Page(Customers, actor, {"sort": sort, **cursor}, 2)
            seen += [c.pk for c in page.rows]
            if not page.next:
                break
            cursor = {"after": page.next}
        assert seen == whole and sorted(seen) == sorted(c.pk for c in made)
        back, cursor = seen[-len(page.rows):], {"before": page.previous}
        while cursor["before"]:
            page = Page(Customers, actor, {"sort": sort, **cursor}, 2)
            back, cursor = [c.pk for c in page.rows] + back, {"before": page.previous}
        assert back == whole


def test_a_view_of_a_column_that_is_gone_opens_without_it(dealer):
    client = Client()
    client.post(reverse("signin"), {"username": "guide@lists", "password": PASSWORD})
    client.cookies["yiwei_language"] = "en"
    customers(dealer, 1)
    answer = client.get(Customers.url() + "?cols=gone,name&queue=gone&sort=gone&after=gone&state=gone&owner=x")
    text = answer.content.decode()
    assert answer.status_code == 200 and "客0" in text and "State: gone；Owner: x" in text


@pytest.fixture
def visits(dealer):
    """Five groups at the door, and the manager's browser."""
    made = [dealer.do("guide", "crm.visit.register", phone=f"138{n:08d}", name=f"访{n}") for n in range(5)]
    client = Client()
    client.post(reverse("signin"), {"username": "store_manager@lists", "password": PASSWORD})
    return made, client


def approved(dealer):
    with dealer.inside():
        return Visit.objects.filter(state="approved").count()


def bulk(client, **sent):
    return client.post(Visits.url("bulk", verb="approve"), {"match": "queue=all", "_token": "t", **sent}, headers={"HX-Request": "true"})


def test_a_bulk_does_what_was_counted_and_nothing_else(dealer, visits):
    made, client = visits
    assert bulk(client, counted="4", upto=made[-1].pk).status_code == 422 and approved(dealer) == 0
    assert bulk(client, counted="4", upto=made[-2].pk).status_code == 204 and approved(dealer) == 4


def test_a_bulk_sent_twice_is_done_once(dealer, visits):
    made, client = visits
    for _n in range(2):
        answer = bulk(client, counted="5", upto=made[-1].pk)
        assert answer.status_code == 204
    with dealer.inside():
        from yiwei.kernel.models import Timeline
        assert Timeline.objects.filter(action="crm.visit.approve").count() == 5


def test_the_refused_of_a_bulk_are_named_by_number_and_reason(dealer, visits):
    made, client = visits
    dealer.do("store_manager", "crm.visit.approve", made[2])
    answer = bulk(client, counted="5", upto=made[-1].pk)
    text = answer.content.decode()
    assert answer.status_code == 200 and approved(dealer) == 5
    assert text.count("<li>") == 1 and made[2].number in text and f'data-ticks="{made[2].pk}"' in text


def test_a_list_and_a_page_ask_few_statements(dealer, visits, django_assert_max_num_queries):
    """Of a request of its own; the test's savepoints and settings count seven."""
    made, client = visits
    for url in (Visits.url(), Visits.url("detail", made[0].pk)):
        client.get(url)
        with django_assert_max_num_queries(12 + 7):
            client.get(url)


def test_a_list_by_groups_says_how_many_and_opens_them(dealer):
    customers(dealer, 3)
    customers(dealer, 2, "guide1b")
    with dealer.inside():
        Customer.objects.filter(name="客0").update(level="A")
        name = Employee.objects.get(pk=dealer.members["guide"]).name
    client = Client()
    client.post(reverse("signin"), {"username": "store_manager@lists", "password": PASSWORD})
    page = client.get(Customers.url() + "?grouped=owner&queue=all").content.decode()
    assert f'<a href="?queue=all&amp;owner={dealer.members["guide"]}">{name}</a>' in page and ">3</td>" in page and ">2</td>" in page
    page = client.get(Customers.url() + "?grouped=level&queue=all&level=A").content.decode()
    assert page.count("<tr data-href") == 1 and ">2</td>" in page
    assert "客0" in client.get(Customers.url() + "?grouped=phone").content.decode()   # no group: the list itself


def test_sums_of_groups_add_up_to_the_total(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    scene = furnish("groups")
    actor = scene.dealer.actor("general_manager")
    with scene.dealer.inside():
        query = QueryDict("grouped=state", mutable=True)
        found = grouped(Receipts, actor, query, Receipts.rows(actor), lambda **more: "")
        cells = [[c["text"] for c in row["cells"]] for row in found["rows"]]
        whole = totals(Receipts, actor, QueryDict(""))
        assert sum(int(c[1]) for c in cells) == whole["rows"] == len(scene.receipts)
        assert sum(Decimal(c[2].replace(",", "")) for c in cells) == Decimal(whole["sums"]["amount"].replace(",", ""))
        assert cells == sorted(cells, key=lambda c: -Decimal(c[2].replace(",", "")))
