"""展厅客户登记: customers of the showrooms with their houses."""

from datetime import datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwei.catalog.models.dictionary import CustomerSource
from yiwei.crm.models.customer import Customer, House
from yiwei.kernel.records.document import next_number
from yiwei.kernel.screens.exchange.book import Book, Fields, Refuse, fingerprint
from yiwei.kernel.text import address, area, budget, clean_text, date, person_name, phones
from yiwei.org.models.employee import Employee
from yiwei.org.models.outlet import Outlet


class Customers(Book):
    name = "展厅客户登记"
    order = 30
    register, roles = ("crm", "customer"), "general_manager tenant_admin region_director store_manager"
    headers = {"date": ["登记日期"], "outlet": ["门店", "网点"], "guide": ["导购"], "name": ["客户姓名", "姓名"],
               "phone": ["电话", "手机"], "spare": ["备用电话"], "community": ["小区"], "address": ["地址"],
               "area": ["面积"], "layout": ["户型"], "progress": ["装修进度"], "source": ["来源"], "budget": ["预算"],
               "intention": ["意向品类"], "remark": ["备注"]}
    needed = ("date", "outlet", "guide", "name", "phone")
    hints = {
        "date": gettext_lazy("Any usual way of writing a date."),
        "outlet": gettext_lazy("The name of an outlet that is there."),
        "guide": gettext_lazy("The name of an employee of this outlet."),
        "phone": gettext_lazy("Several numbers may stand in one cell."),
        "address": gettext_lazy("Community, building, unit and room are read out of it."),
        "budget": gettext_lazy("A sum or a range, also in 万."),
    }

    def prepare(self):
        self.outlets = {o.name: o for o in Outlet.objects.all()}
        self.guides = {(e.outlet_id, e.name): e for e in Employee.objects.select_related("position")}
        self.sources = {s.name: s for s in CustomerSource.objects.all()}
        self.known = set(Customer.objects.exclude(import_key="").values_list("import_key", flat=True))

    def load(self, number, row):
        f = Fields(row)
        day = f.get("date", date, required=True)
        outlet = self.outlets.get(f.get("outlet", clean_text, "", required=True))
        name = f.get("name", person_name, required=True)
        numbers = f.get("phone", phones, [], required=True)
        spare = f.get("spare", phones, [])
        size, money = f.get("area", area), f.get("budget", budget, (None, None))
        if outlet is None:
            f.reasons.append(_("There is no outlet “%(name)s”.") % {"name": row.get("outlet")})
        f.done()
        guide = self.guides.get((outlet.pk, f.get("guide", clean_text, "")))
        if guide is None:
            raise Refuse(_("There is no guide “%(name)s” in this outlet.") % {"name": row.get("guide")})
        digits = [p.digits for p in [*numbers, *spare]]
        key = fingerprint(day, outlet.name, clean_text(row["name"]), *digits, clean_text(row.get("address") or ""))
        if key in self.known:
            return False
        self.known.add(key)
        at = timezone.make_aware(datetime.combine(day, time(12)))
        customer = Customer(
            number=next_number("KH", outlet.pk, at), state="lead", outlet=outlet, owner=guide, name=clean_text(row["name"]),
            phone=digits[0], spare_phone=digits[1] if len(digits) > 1 else "", visited_on=day, import_key=key, import_row=number,
            source=self._source(f.get("source", clean_text, "")), budget_low=money[0], budget_high=money[1],
            intention=f.get("intention", clean_text, ""), remark=f.get("remark", clean_text, ""), created_at=at,
            gender={"先生": "m", "女士": "f", "小姐": "f"}.get(getattr(name, "title", ""), ""))
        customer.save(force_insert=True)
        self._house(customer, f, row, size)
        self.made_row(customer)
        return True

    def _house(self, customer, f, row, size):
        place, text = f.get("community", clean_text, ""), f.get("address", clean_text, "")
        try:
            parsed = address(text, place) if text else None
        except ValueError:
            parsed = None
        House(customer=customer, community=place or str(getattr(parsed, "community", "")),
              building=str(getattr(parsed, "building", "") or ""), unit=str(getattr(parsed, "unit", "") or ""),
              room=str(getattr(parsed, "room", "") or ""), address=text[:200], area=size,
              layout=f.get("layout", clean_text, ""), deco_progress=f.get("progress", clean_text, "")).save()

    def _source(self, name):
        if not name:
            return None
        if name not in self.sources:
            made = CustomerSource(name=name)
            made.save()
            self.sources[name] = made
        return self.sources[name]
