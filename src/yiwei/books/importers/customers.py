"""展厅客户登记: customers of the showrooms with their houses."""

import re
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwei.catalog.models.dictionary import CustomerSource
from yiwei.crm.models.customer import Customer, House
from yiwei.filing.rules.numbers import spread
from yiwei.kernel.records import search
from yiwei.kernel.records.document import numbers_of
from yiwei.kernel.screens.exchange.book import Book, Changed, Fields, Refuse, fingerprint
from yiwei.kernel.screens.exchange.workbook import Row
from yiwei.kernel.text import (
    BadValue,
    address,
    all_phones,
    apart,
    area,
    budget,
    clean_text,
    date,
    kept_name,
    person_names,
    phones,
    same_key,
)
from yiwei.org.models.employee import Employee
from yiwei.org.models.outlet import Outlet

OLDEST = datetime(2000, 1, 1).date()   # noqa: DTZ001
YES = ("是", "并入", "同一户", "yes", "y", "1")


@dataclass
class Found:
    """One row, understood."""

    row: Row
    customer: Customer
    house: House
    said: dict = field(default_factory=dict)


class Customers(Book):
    name = "展厅客户登记"
    order = 30
    register, roles = ("crm", "customer"), "general_manager tenant_admin region_director store_manager"
    headers = {
        "date": ["登记日期", "登记时间", "进店日期", "到店日期", "日期"], "outlet": ["门店", "网点", "店铺", "展厅", "所属门店"],
        "guide": ["导购", "导购员", "销售", "接待人", "跟进人"], "name": ["客户姓名", "姓名", "客户名称", "客户", "业主姓名", "联系人"],
        "phone": ["电话", "手机", "联系电话", "手机号码", "手机号", "客户电话", "联系方式"],
        "spare": ["备用电话", "第二电话", "其他电话", "电话2", "手机2", "配偶电话"], "community": ["小区", "楼盘", "小区名称"],
        "address": ["地址", "详细地址", "房号", "楼栋房号", "住址"], "area": ["面积", "建筑面积"], "layout": ["户型"],
        "progress": ["装修进度", "进度"],
        "source": ["来源", "客户来源", "渠道来源"], "budget": ["预算"], "intention": ["意向品类", "意向产品", "需求品类"], "remark": ["备注", "说明"],
        "same": ["并入已有客户"]}
    needed = ("date", "outlet", "guide", "name", "phone")
    hints = {
        "date": gettext_lazy("Any usual way of writing a date."),
        "outlet": gettext_lazy("The name of an outlet that is there."),
        "guide": gettext_lazy("The name of an employee of this outlet."),
        "phone": gettext_lazy("Several numbers may stand in one cell."),
        "address": gettext_lazy("Community, building, unit and room are read out of it."),
        "budget": gettext_lazy("A sum or a range, also in 万."),
        "same": gettext_lazy("是, where a known phone means the same customer: the house is added to it."),
    }

    def prepare(self):
        self.outlets = {same_key(o.name): o for o in Outlet.objects.all()}
        self.guides = {(e.outlet_id, same_key(e.name)): e for e in Employee.objects.select_related("position")}
        self.sources = {same_key(s.name): s for s in CustomerSource.objects.all()}
        self.known, self.people, self.bearers = {}, {}, {}
        for one in Customer.objects.exclude(state__in=("invalid", "merged")).select_related("outlet").order_by("-id"):
            for number in one.phones:
                self.bearers[number] = one
            if one.import_key:
                self.known[one.import_key] = one
                self.people[self._person(one.visited_on, one.outlet_id, one.name, one.import_row)] = one

    def load(self, number, row):
        f = Fields(row)
        day = f.get("date", date, required=True)
        if day and not OLDEST <= day <= timezone.localdate() + timedelta(days=1):
            f.reasons.append(f"{f.label('date')}: " + _("%(day)s cannot be right.") % {"day": day})
        outlet = self.outlets.get(same_key(f.get("outlet", clean_text, "", required=True)))
        name = f.text("name", 60, required=True, reader=kept_name)
        numbers = f.get("phone", phones, [], required=True)
        if outlet is None and row.get("outlet"):
            f.reasons.append(_("There is no outlet “%(name)s”.") % {"name": row.get("outlet")})
        f.done()
        guide = self.guides.get((outlet.pk, same_key(f.get("guide", clean_text, ""))))
        if guide is None:
            raise Refuse(_("There is no guide “%(name)s” in this outlet.") % {"name": row.get("guide")})
        spare = self._spare(f)
        digits = list(dict.fromkeys(p.digits for p in [*numbers, *spare]))
        key = fingerprint(day, outlet.name, name, *(re.sub(r"\*+", "*", d) for d in digits), clean_text(row.get("address") or ""))
        house, inside = self._house(f, row)
        said = self._said(f, row, guide)
        known = self.known.get(key) or self._corrected(day, outlet, name, number, digits)
        if known is not None:
            return self._again(known, key, said, digits)
        if self._joins(row, digits, outlet, house):
            return True
        first, second, more = spread([*digits, *(p.digits for p in inside)])
        at = timezone.make_aware(datetime.combine(day, time(12)))
        customer = Customer(
            state="lead", outlet=outlet, owner=guide, name=name, phone=first, spare_phone=second, more_phones=more, visited_on=day,
            import_key=key, import_row=number, import_data=said["data"], source=said["source"], budget_low=said["budget"][0],
            budget_high=said["budget"][1], intention=said["intention"], remark=f.left(said["remark"]), created_at=at,
            entered_known="day", gender=said["gender"], created_by_id=self.actor.id)
        self.known[key] = customer
        for number in digits:
            self.bearers.setdefault(number, customer)
        return self.later(Found(row["_row"], customer, house))

    def write(self, items):
        """Customers and houses of some hundred rows."""
        numbers = numbers_of([("KH", i.customer.outlet_id, i.customer.created_at) for i in items])
        for item, number in zip(items, numbers, strict=True):
            item.customer.number = number
        Customer.objects.bulk_create([i.customer for i in items if i.customer.pk is None])
        for item in items:
            item.house.customer = item.customer
        House.objects.bulk_create([i.house for i in items])
        self.made += [i.customer for i in items]

    def _spare(self, f):
        """The second numbers; what stands there and is none is kept as text."""
        def read(value):
            found, over = all_phones(value)
            if over or not found:
                raise BadValue("“%(value)s” is not a telephone number.", value=clean_text(value)[:40])
            return found
        before = len(f.kept)
        found = f.soft("spare", read, [])
        return found or (all_phones(f.row.get("spare"))[0] if len(f.kept) > before else [])

    def _said(self, f, row, guide):
        """What a row says beside who it is; its fingerprint tells whether that has changed since."""
        low, high = f.soft("budget", budget, (None, None))
        said = {"source": self._source(f.text("source", 40)), "budget": (low, high), "intention": f.text("intention", 120),
                "remark": f.get("remark", clean_text, ""), "guide": guide, "gender": self._gender(f)}
        cells = [clean_text(row.get(k) or "") for k in ("source", "budget", "intention", "remark", "area", "layout", "progress", "guide")]
        return said | {"data": fingerprint(*cells)}

    @staticmethod
    def _gender(f):
        try:
            title = person_names(f.row["name"])[0].title
        except BadValue:
            f.note(_("The name is kept as it stands."))
            return ""
        return {"先生": "m", "女士": "f", "小姐": "f"}.get(title, "")

    @staticmethod
    def _person(day, outlet, name, number):
        return day, outlet, same_key(name), number

    def _corrected(self, day, outlet, name, number, digits):
        """The customer of the same row of the same book, whose number was corrected since."""
        known = self.people.get(self._person(day, outlet.pk, name, number))
        return known if known is not None and digits and not set(digits) & set(known.phones) else None

    def _again(self, known, key, said, digits):
        """A row that is there: the same, or changed since."""
        changes = [] if set(digits) <= set(known.phones) or known.pk is None else [(_("Phone"), known.phone, digits[0])]
        if known.pk is not None and known.import_data and known.import_data != said["data"]:
            now = {"owner": said["guide"], "source": said["source"], "intention": said["intention"], "budget_low": said["budget"][0],
                   "budget_high": said["budget"][1], "remark": said["remark"]}
            changes += [(str(Customer._meta.get_field(n).verbose_name) if n != "owner" else _("Guide"), getattr(known, n) or "", v or "")
                        for n, v in now.items() if (getattr(known, n) or "") != (v or "") and not (n == "remark" and v and v in known.remark)]
        if not changes:
            return False
        if not self.update:
            raise Changed(*[(what, str(a), str(b)) for what, a, b in changes])
        before = known.phones
        known.phone = digits[0]
        known.source, known.intention, known.remark = said["source"] or known.source, said["intention"], said["remark"]
        known.budget_low, known.budget_high = said["budget"]
        if known.owner_id != said["guide"].pk and known.state == "lead":
            known.owner = said["guide"]
        known.import_key, known.import_data = key, said["data"]
        known.remember_phones(before)
        known.save()
        return "updated"

    def _joins(self, row, digits, outlet, house):
        """A known phone is another household's, or the same customer's further house: that is asked, as on the screen."""
        other = next((self.bearers[d] for d in digits if d in self.bearers), None)
        if other is None:
            return False
        if other.pk is not None and clean_text(row.get("same") or "").lower() in YES:
            house.customer = other
            with transaction.atomic():
                house.save(force_insert=True)
            search.index(other)
            return True
        raise Refuse(_("The phone belongs to %(customer)s in %(outlet)s already (%(number)s). Write 是 under “并入已有客户” to add the house to that"
                       " customer.") % {"customer": other.name, "outlet": other.outlet or outlet, "number": other.number or _("row above")})

    def _house(self, f, row):
        """(house, numbers that stood in the address)."""
        place, text = f.text("community", 60), f.get("address", clean_text, "")
        text, inside = apart(text)
        try:
            parsed = address(text, place) if text else None
        except BadValue:
            parsed = None
        size = f.soft("area", area)
        return House(community=place or str(getattr(parsed, "community", ""))[:60], building=str(getattr(parsed, "building", "") or "")[:20],
                     unit=str(getattr(parsed, "unit", "") or "")[:20], room=str(getattr(parsed, "room", "") or "")[:20], address=text[:200],
                     area=size, layout=f.text("layout", 40), deco_progress=f.text("progress", 40)), inside

    def _source(self, name):
        if not name:
            return None
        key = same_key(name)
        if key not in self.sources:
            made = CustomerSource(name=name)
            with transaction.atomic():
                made.save()
            self.sources[key] = made
        return self.sources[key]
