"""The customer's page: the same truth without sign-in, only the own house, by a link that ends (D-41)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from yiwei.crm.models.customer import Customer
from yiwei.finance.tests.journey import Journey
from yiwei.kernel.testing import make_dealer
from yiwei.portal.rules import links

from ..models.link import PortalLink


@pytest.fixture
def g1(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    journey = Journey(make_dealer())
    journey.sign()
    journey.upload()
    journey.hand_in(journey.cabinet, "store_manager")
    journey.pay("transfer", (journey.cabinet, "20000"), (journey.wardrobe, "32000"))
    return journey


def link_of(g1, **more):
    link = g1.d.do("guide", "portal.portallink.create", customer=g1.customer, **more)
    with g1.d.inside():
        return link, links.path_of(link)


def test_the_page_shows_the_same_figures_and_nothing_internal(g1, client):
    with g1.d.inside():
        Customer.objects.filter(pk=g1.customer.pk).update(remark="难缠的客户")
    _link, path = link_of(g1)
    page = client.get(path)
    text = page.content.decode()
    assert page.status_code == 200 and page["Cache-Control"] == "private, no-store" and "noindex" in page["X-Robots-Tag"]
    for shown in ("周敏", "91,760.00", "52,000.00", "39,760.00", "海园 1-101"):
        assert shown in text
    for hidden in ("难缠", "18,900.00", "13800001111", "0.88"):
        assert hidden not in text
    with g1.d.inside():
        assert PortalLink.objects.get().opened == 1


def test_the_current_design_opens_and_no_other(g1, client):
    _link, path = link_of(g1)
    with g1.d.inside():
        design = g1.house.designs.get(current=True)
    answer = client.get(f"{path}design/{design.pk}/")
    assert answer.status_code == 200 and b"".join(answer.streaming_content) == b"%PDF-1.4 plan"
    with g1.d.inside():
        g1.house.designs.update(current=False)
    assert client.get(f"{path}design/{design.pk}/").status_code == 404


def test_false_revoked_expired_and_foreign_links_end_alike(g1, client):
    link, path = link_of(g1)
    assert client.get(path[:-4] + "xxx/").status_code == 404
    other = make_dealer("two")
    with other.inside():
        forged = links.path_of(PortalLink(pk=link.pk, nonce=link.nonce, tenant_id=other.id))
    assert client.get(forged).status_code == 404
    with g1.d.inside():
        PortalLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(path).status_code == 404
    with g1.d.inside():
        PortalLink.objects.update(expires_at=timezone.now() + timedelta(days=1))
    assert client.get(path).status_code == 200
    g1.d.do("guide", "portal.portallink.revoke", link)
    assert client.get(path).status_code == 404


def test_a_guide_makes_links_for_own_customers_only(g1):
    from yiwei.kernel.base.errors import Invalid
    with pytest.raises(Invalid):
        g1.d.do("guide2", "portal.portallink.create", customer=g1.customer)
