"""Messages are kept as words and values, and read by each in his own language."""

from django.utils.translation import gettext_lazy, override

from yiwei.kernel.base.message import Message, kept, spoken
from yiwei.kernel.testing import make_dealer
from yiwei.kernel.work.notify.models import Notification
from yiwei.kernel.work.notify.send import tell


def test_a_message_is_read_in_the_readers_language(db):
    dealer = make_dealer()
    with dealer.inside(), override("zh-hans"):
        tell([dealer.members["guide"]], Message("Ticket %(n)s needs a responsible person.") % {"n": "GD1-2603-0001"})
        row = Notification.objects.get()
        assert str(row) == "工单 GD1-2603-0001 需要指定责任人。"
        with override("en"):
            assert str(row) == "Ticket GD1-2603-0001 needs a responsible person."
        with override("zh-hant"):
            assert "責任人" in str(row)


def test_labels_and_messages_within_a_message_are_read_alike():
    words, values = kept(Message("%(state)s: %(title)s") % {
        "state": gettext_lazy("Approve"), "title": [Message("%(what)s: %(row)s") % {"what": gettext_lazy("Reject"), "row": "HT1"}, "100 %"]})
    with override("zh-hans"):
        assert spoken(words, values) == "同意：驳回：HT1、100 %"
    with override("en"):
        assert spoken(words, values) == "Approve: Reject: HT1、100 %"


def test_what_somebody_typed_is_never_translated():
    with override("zh-hans"):
        assert spoken(*kept("Approve")) == "Approve" and spoken(*kept("100 % of %(n)s")) == "100 % of %(n)s"
        assert spoken(*kept(gettext_lazy("Approve"))) == "同意"


def test_a_message_whose_words_have_changed_since_is_still_shown():
    assert spoken("%(gone)s is gone", {"other": "x"}) == "%(gone)s is gone"
