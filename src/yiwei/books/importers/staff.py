"""员工: staff with their outlets, regions and positions."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwei.kernel.screens.exchange.book import Book, Fields, Refuse
from yiwei.kernel.text import clean_text, code, date, phone, same_key
from yiwei.org.actions.staff import free_phone
from yiwei.org.models.employee import Employee
from yiwei.org.models.outlet import Outlet, Region
from yiwei.org.models.position import Position
from yiwei.org.rules.presets import code_of


class Staff(Book):
    name = "员工"
    order = 10
    register, roles = ("org", "employee"), "tenant_admin general_manager"
    headers = {"number": ["工号", "员工编号", "编号"], "name": ["姓名", "员工姓名"], "position": ["岗位", "职位", "职务"], "region": ["大区", "区域"],
               "outlet": ["网点", "门店", "店铺"],
               "phone": ["手机", "电话", "联系电话", "手机号码", "手机号"],
               "entered_on": ["入职日期", "入职时间"]}
    needed = ("number", "name", "position")
    hints = {
        "number": gettext_lazy("Unique in the company; it stays the same when a person comes back."),
        "position": gettext_lazy("The name of a position, as in the list of positions."),
        "outlet": gettext_lazy("An outlet that is not there yet is made. Empty or 总部: head office."),
        "region": gettext_lazy("A region that is not there yet is made."),
        "phone": gettext_lazy("Mobile number; the sign-in is given afterwards."),
    }

    def prepare(self):
        self.positions = {same_key(p.name): p for p in Position.objects.all()}
        self.regions = {same_key(r.name): r for r in Region.objects.all()}
        self.outlets = {same_key(o.name): o for o in Outlet.objects.all()}
        self.known = {code(e.number): e for e in Employee.objects.all()}

    def load(self, number, row):
        f = Fields(row)
        key, name = f.get("number", code, required=True), f.get("name", clean_text, required=True)
        title = f.get("position", clean_text, required=True)
        tel = f.soft("phone", phone)
        entered = f.soft("entered_on", date)
        f.done()
        position = self.positions.get(same_key(title)) or self.positions.get(same_key(code_of(title) or ""))
        if position is None:
            raise Refuse(_("There is no position “%(name)s”.") % {"name": title})
        if key in self.known:
            return False
        region = self._region(f.get("region", clean_text, ""))
        outlet = self._outlet(f.get("outlet", clean_text, ""), region)
        member = Employee(number=key, name=name, position=position, outlet=outlet, entered_on=entered,
                          phone=free_phone(tel),
                          more_regions=[region.pk] if region and outlet.region_id != region.pk else [])
        member.save()
        self.known[key] = member
        self.made_row(member)
        return True

    def _region(self, name):
        if not name or name in ("公司", "总部"):
            return None
        key = same_key(name)
        if key not in self.regions:
            made = Region(code=f"R{len(self.regions) + 1:02d}", name=name)
            made.save()
            self.regions[key] = made
            self.made_row(made)
        return self.regions[key]

    def _outlet(self, name, region):
        if not name or name in ("公司", "总部"):
            return next(o for o in self.outlets.values() if o.is_head_office)
        key = same_key(name)
        if key not in self.outlets:
            made = Outlet(code=f"S{len(self.outlets):02d}", name=name, region=region)
            made.save()
            self.outlets[key] = made
            self.made_row(made)
        return self.outlets[key]
