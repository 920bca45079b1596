"""渠道报备: filings of the channels with their partners; the evidence is made as for those that are typed."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.filing.models.filing import Filing
from yiwei.filing.models.partner import ChannelPartner
from yiwei.filing.rules import evidence
from yiwei.filing.rules.numbers import spread
from yiwei.kernel.records.document import numbers_of
from yiwei.kernel.screens.exchange.book import Book, Changed, Fields, Refuse, fingerprint
from yiwei.kernel.screens.exchange.workbook import Row
from yiwei.kernel.text import BadValue, all_phones, clean_text, date, kept_name, person_names, precise, same_key

KINDS = {"家装公司": "deco", "设计师": "designer", "物业": "property", "异业联盟": "alliance"}
OLDEST = datetime(2000, 1, 1)   # noqa: DTZ001
SAID = ("filer", "categories", "expected", "remark", "community")


@dataclass
class Found:
    """One row, understood."""

    row: Row
    filing: Filing


class Filings(Book):
    name = "渠道报备"
    order = 40
    register, roles = ("filing", "filing"), "general_manager tenant_admin channel_manager"
    headers = {
        "at": ["报备时间", "报备日期", "登记时间", "时间", "日期"], "kind": ["渠道类型", "类型"],
        "partner": ["渠道名称", "渠道", "公司名称", "合作单位", "渠道商"],
        "filer": ["报备人", "提报人", "业务员"], "name": ["客户姓名", "姓名", "客户名称", "业主姓名", "客户"],
        "phone": ["客户电话", "电话", "手机", "联系电话", "手机号码", "手机号", "客户手机"],
        "spare": ["备用电话", "第二电话", "其他电话", "电话2", "配偶电话"],
        "community": ["小区", "楼盘", "小区名称"], "address": ["地址", "详细地址", "房号", "楼栋房号"],
        "categories": ["意向品类", "意向产品", "需求品类"],
        "expected": ["预计进店", "预计到店", "预计进店时间", "预计进店日期"], "remark": ["备注", "说明"]}
    needed = ("at", "partner", "name")
    hints = {
        "at": _("Date and time of the filing."),
        "kind": _("家装公司, 设计师, 物业 or 异业联盟."),
        "phone": _("Hidden digits (138****1234) are understood."),
    }

    def prepare(self):
        self.partners = {(p.kind, same_key(p.name)): p for p in ChannelPartner.objects.all()}
        rows = Filing.objects.exclude(import_key="").defer("evidence", "verdict_text")
        self.known = {f.import_key: f for f in rows}
        self.rows = {(f.filed_at, f.partner_id, same_key(f.name), f.import_row): f for f in self.known.values()}
        self.fresh = []

    def load(self, number, row):
        f = Fields(row)
        at, known = f.get("at", precise, (None, ""), required=True)
        name, partner = f.text("name", 60, required=True, reader=kept_name), f.text("partner", 80, required=True)
        if at and not OLDEST <= at <= datetime.now() + timedelta(days=1):   # noqa: DTZ005
            f.reasons.append(f"{f.label('at')}: " + __("%(day)s cannot be right.") % {"day": f"{at:%Y-%m-%d}"})
        f.done()
        self._name(f, name)
        at = timezone.make_aware(at)
        digits = [p.digits for cell in ("phone", "spare") for p in self._numbers(f, cell)]
        community, place = f.text("community", 60), f.get("address", clean_text, "")
        if not digits and not (community or place):
            raise Refuse(__("Give a phone, or the community with building and room."))
        key = fingerprint(at.isoformat(), partner, name, *(re.sub(r"\*+", "*", d) for d in dict.fromkeys(digits)), place)
        if not digits and not place and (key not in self.known or self.known[key].community != community):
            key = fingerprint(key, community)   # nothing but the estate tells two of one second apart
        data = fingerprint(*(clean_text(row.get(n) or "") for n in SAID))
        there = self.known.get(key) or self._corrected(row, at, partner, name, number, digits)
        if there is not None:
            return self._again(there, f, key, data, digits)
        first, second, more = spread(digits)
        made = Filing(
            state="submitted", filed_at=at, filed_known=known, created_at=at, import_key=key, import_row=number, import_data=data,
            partner=self._partner(KINDS.get(f.get("kind", clean_text, ""), "other"), partner), filer_name=f.text("filer", 60), name=name,
            phone=first, spare_phone=second, more_phones=more, community=community, address=place[:200],
            categories=f.text("categories", 120), expected_on=f.soft("expected", date), created_by_id=self.actor.id)
        made.remark = f.left(f.get("remark", clean_text, ""))
        self.known[key] = made
        return self.later(Found(row["_row"], made))

    def write(self, items):
        """Filings of some hundred rows."""
        for item, number in zip(items, numbers_of([("BB", None, i.filing.filed_at) for i in items]), strict=True):
            item.filing.number = number
        Filing.objects.bulk_create([i.filing for i in items])
        self.made += [i.filing for i in items]
        self.fresh += [i.filing for i in items]

    def finish(self):
        """What stands against each is found among all outlets and the filings of the book itself, as when it is typed."""
        super().finish()
        if self.preview:
            return
        evidence.freeze_many(self.fresh)

    @staticmethod
    def _name(f, name):
        try:
            person_names(name)
        except BadValue:
            f.note(__("The name is kept as it stands."))

    @staticmethod
    def _numbers(f, cell):
        """The numbers of a cell; what stands there and is none is kept as text, for the house or the name may be enough."""
        found = []

        def read(value):
            numbers, over = all_phones(value)
            found.extend(numbers)
            if over or not numbers:
                raise BadValue("“%(value)s” is not a telephone number.", value=clean_text(value)[:40])
        f.soft(cell, read)
        return found

    def _corrected(self, row, at, partner, name, number, digits):
        """The filing of the same row of the same book, whose number was corrected since."""
        kind = KINDS.get(clean_text(row.get("kind") or ""), "other")
        known = self.partners.get((kind, same_key(partner)))
        found = self.rows.get((at, known.pk, same_key(name), number)) if known else None
        return found if found is not None and digits and digits[0] != found.phone else None

    def _again(self, there, f, key, data, digits):
        """A row that is there: the same, or changed since."""
        if there.pk is None:
            return False
        now = {"phone": digits[0] if digits else "", "filer_name": f.text("filer", 60), "categories": f.text("categories", 120),
               "remark": f.left(f.get("remark", clean_text, ""))}
        changes = [("phone", there.phone, now["phone"])] if digits and digits[0] != there.phone else []
        if there.import_data and there.import_data != data:
            changes += [(n, getattr(there, n), v) for n, v in now.items() if n != "phone" and getattr(there, n) != v]
        if not changes:
            return False
        if not self.update or there.state not in ("submitted", "held"):
            raise Changed(*[(str(Filing._meta.get_field(n).verbose_name), a, b) for n, a, b in changes])
        for name, _before, value in changes:
            setattr(there, name, value)
        there.import_key, there.import_data = key, data
        there.save()
        self.fresh.append(there)
        return "updated"

    def _partner(self, kind, name):
        key = (kind, same_key(name))
        if key not in self.partners:
            made = ChannelPartner(code=f"C{len(self.partners) + 1:03d}", name=name, kind=kind)
            with transaction.atomic():
                made.save()
            self.partners[key] = made
            self.made_row(made)
        return self.partners[key]
