"""渠道报备: filings of the channels with their partners."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwei.filing.models.filing import Filing
from yiwei.filing.models.partner import ChannelPartner
from yiwei.kernel.records.document import next_number
from yiwei.kernel.screens.exchange.book import Book, Fields, fingerprint
from yiwei.kernel.text import clean_text, date, moment, person_name, phones

KINDS = {"家装公司": "deco", "设计师": "designer", "物业": "property", "异业联盟": "alliance"}


class Filings(Book):
    name = "渠道报备"
    order = 40
    register, roles = ("filing", "filing"), "general_manager tenant_admin channel_manager"
    headers = {"at": ["报备时间"], "kind": ["渠道类型"], "partner": ["渠道名称"], "filer": ["报备人"],
               "name": ["客户姓名", "姓名"], "phone": ["客户电话", "电话"], "community": ["小区"], "address": ["地址"],
               "categories": ["意向品类"], "expected": ["预计进店"], "remark": ["备注"]}
    needed = ("at", "partner", "name")
    hints = {
        "at": _("Date and time of the filing."),
        "kind": _("家装公司, 设计师, 物业 or 异业联盟."),
        "phone": _("Hidden digits (138****1234) are understood."),
    }

    def prepare(self):
        self.partners = {(p.kind, p.name): p for p in ChannelPartner.objects.all()}
        self.known = set(Filing.objects.exclude(import_key="").values_list("import_key", flat=True))

    def load(self, number, row):
        f = Fields(row)
        at = f.get("at", moment, required=True)
        f.get("name", person_name, required=True)
        numbers = f.get("phone", phones, [])
        partner = f.get("partner", clean_text, "", required=True)
        expected = f.get("expected", date)
        f.done()
        at = timezone.make_aware(at)
        digits = [p.digits for p in numbers]
        key = fingerprint(at.isoformat(), partner, clean_text(row["name"]), *digits, clean_text(row.get("address") or ""))
        if key in self.known:
            return False
        self.known.add(key)
        made = Filing(
            number=next_number("BB", None, at), state="submitted", filed_at=at, created_at=at, import_key=key, import_row=number,
            partner=self._partner(KINDS.get(f.get("kind", clean_text, ""), "other"), partner),
            filer_name=f.get("filer", clean_text, ""), name=clean_text(row["name"]), phone=digits[0] if digits else "",
            spare_phone=digits[1] if len(digits) > 1 else "", community=f.get("community", clean_text, ""),
            address=f.get("address", clean_text, "")[:200], categories=f.get("categories", clean_text, ""),
            expected_on=expected, remark=f.get("remark", clean_text, ""))
        made.save(force_insert=True)
        self.made_row(made)
        return True

    def _partner(self, kind, name):
        if (kind, name) not in self.partners:
            made = ChannelPartner(code=f"C{len(self.partners) + 1:03d}", name=name, kind=kind)
            made.save()
            self.partners[kind, name] = made
            self.made_row(made)
        return self.partners[kind, name]
