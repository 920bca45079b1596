"""A partner files by a personal link: neutral, limited, revocable, masked (CRM-02)."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from yiwei.filing.models.filing import Filing
from yiwei.filing.models.link import FilingLink
from yiwei.filing.models.partner import ChannelPartner, OutsideDesigner
from yiwei.kernel.models import Attachment
from yiwei.kernel.testing import make_dealer
from yiwei.kernel.work.options import Parameter
from yiwei.portal.rules import links

COVERS = "CRM-02"


@pytest.fixture
def d(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    dealer = make_dealer(sign_ins=True)
    with dealer.inside():
        dealer.partner = ChannelPartner.objects.create(code="HJ", name="华景装饰", level="A")
        dealer.other = ChannelPartner.objects.create(code="QT", name="其他装饰")
        dealer.person = OutsideDesigner.objects.create(state="approved", name="小陈", partner=dealer.partner)
    dealer.link = dealer.do("channel_rep", "filing.filinglink.create", partner=dealer.partner,
                            person=dealer.person)
    with dealer.inside():
        dealer.path = links.filing_path(dealer.link)
    return dealer


def send(d, client=None, wait=True, **data):
    if wait:
        with d.inside():
            Filing.objects.filter(link=d.link).update(filed_at=timezone.now() - timedelta(minutes=2))
    return (client or Client()).post(d.path, {"name": "周敏", "phone": "138 0000 1111"} | data, follow=True)


def test_a_customer_is_filed_without_signing_in(d):
    photo = SimpleUploadedFile("chat.png", b"\x89PNG\r\n\x1a\n" + b"0" * 50)
    answer = send(d, proof=photo, community="海园", address="1-1-101")
    assert answer.status_code == 200 and "Received." in Client().get(
        f"{d.path}?received=1", headers={"accept-language": "en"}).content.decode()
    with d.inside():
        made = Filing.objects.get()
        assert (made.partner_id, made.outside_designer_id, made.owner_id, made.filer_name, made.state, made.phone) == (
            d.partner.pk, d.person.pk, d.members["channel_rep"], "小陈", "submitted", "13800001111")
        assert Attachment.objects.get().object_id == made.pk


def test_the_answer_is_the_same_whether_the_customer_is_known_or_not(d):
    d.do("guide3", "crm.customer.create", name="欧阳锋", phone="13700003333", community="海园", address="1-1-101")
    known = send(d, name="欧阳", phone="13700003333")
    with d.inside():
        assert Filing.objects.get().conflict == "certain"
        Filing.objects.all().delete()
    fresh = send(d, name="欧阳", phone="13600004444")

    def bare(answer):
        text = re.sub(r'value="[A-Za-z0-9]{64}"', "", answer.content.decode())
        return re.sub(r"\d{3}\*{4}\d{4}|\d{4}-\d\d-\d\d \d\d:\d\d", "", text)
    assert known.status_code == fresh.status_code == 200 and bare(known) == bare(fresh) and "欧阳锋" not in known.content.decode()


def test_own_filings_are_masked_and_others_do_not_show(d):
    send(d)
    d.do("channel_rep", "filing.filing.create", partner=d.partner, name="李强", phone="13500005555")
    with d.inside():
        d.do("channel_manager", "filing.filing.reject", Filing.objects.get(name="周敏"), reason="belongs to guide3's customer 欧阳锋")
    page = Client().get(d.path).content.decode()
    assert "周**" in page and "138****1111" in page
    for hidden in ("周敏", "13800001111", "李", "欧阳", "guide3"):
        assert hidden not in page


def test_a_day_has_a_cap_and_a_second_tap_files_nothing(d):
    with d.inside():
        Parameter.objects.create(name="filings_a_day_by_link", value=2)
    send(d)
    send(d, wait=False)
    with d.inside():
        assert Filing.objects.count() == 1
    assert send(d, wait=False, name="吴静", phone="13600001111").status_code == 422     # too fast
    send(d, name="吴静", phone="13600001111")
    assert send(d, name="王伟", phone="13600002222").status_code == 422                 # beyond the cap
    with d.inside():
        assert Filing.objects.count() == 2


def test_wrong_input_is_told_at_its_field(d):
    answer = send(d, phone="abc")
    assert answer.status_code == 422 and "abc" in answer.content.decode()
    assert send(d, name="").status_code == 422 and send(d, phone="").status_code == 422


def test_false_foreign_revoked_and_outgrown_links_end_alike(d):
    client = Client()
    assert client.get(d.path[:-4] + "xxx/").status_code == 404
    assert client.get(d.path.replace("/c/f/", "/c/")).status_code == 404
    other = make_dealer("two")
    with other.inside():
        forged = links.filing_path(FilingLink(pk=d.link.pk, nonce=d.link.nonce, tenant_id=other.id))
    assert client.get(forged).status_code == 404
    with d.inside():
        OutsideDesigner.objects.filter(pk=d.person.pk).update(partner=d.other)
    assert client.get(d.path).status_code == client.post(d.path, {"name": "x"}).status_code == 404
    with d.inside():
        OutsideDesigner.objects.filter(pk=d.person.pk).update(partner=d.partner)
    assert client.get(d.path).status_code == 200
    d.do("channel_rep", "filing.filinglink.revoke", d.link)
    assert client.get(d.path).status_code == 404


def test_forgery_from_another_site_is_refused(d):
    client = Client(enforce_csrf_checks=True)
    assert client.post(d.path, {"name": "周敏", "phone": "13800001111"}).status_code == 403


def test_the_page_is_kept_out_of_caches_and_search(d):
    page = Client().get(d.path)
    assert page["Cache-Control"] == "private, no-store" and "noindex" in page["X-Robots-Tag"]


def test_what_is_refused_leaves_nothing(d):
    """A file that the house does not take ends the filing as a whole; it would stand uncompared."""
    answer = send(d, proof=SimpleUploadedFile("page.html", b"<script>"))
    assert answer.status_code == 422 and "html" in answer.content.decode()
    with d.inside():
        assert not Filing.objects.exists() and not Attachment.objects.exists()
