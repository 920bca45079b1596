"""The tree of the house: company, regions, outlets, departments, people (SYS-01)."""

from collections import defaultdict

from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base import registry
from yiwei.kernel.records import scope
from yiwei.kernel.screens.registers.listing import Filter
from yiwei.kernel.screens.reports.report import Column, Report

from ..models.employee import Employee
from ..models.outlet import Department, Outlet

INDENT = "\u3000"


class Organisation(Report):
    """Who belongs where and works for whom. A second outlet of a person is named in the line."""

    slug, label, code, module, position = "organisation", _("Organisation"), "SYS-01", "system", 5
    roles = "general_manager tenant_admin region_director store_manager finance_manager"
    columns = [Column("unit", _("unit or person"), "text"), Column("position", _("position"), "text"), Column("superior", _("superior"), "text"),
               Column("more", _("further outlets"), "text"), Column("people", _("people"), "number"), Column("state", _("state"), "text")]
    filters = [Filter("left", _("with those who left"), "bool")]

    def query(self, actor, params):
        people = scope.rows(Employee, actor).select_related("position", "outlet__region", "department", "superior").order_by("position_id", "id")
        people = list(people if params.get("left") == "1" else people.exclude(state="left"))
        outlets = list(Outlet.objects.filter(active=True).select_related("region").order_by("-is_head_office", "region__code", "code"))
        known = {o.pk: o for o in outlets} | {p.outlet_id: p.outlet for p in people}
        departments = defaultdict(list)
        for department in Department.objects.filter(active=True).order_by("id"):
            departments[department.outlet_id].append(department)
        at = defaultdict(list)
        for person in people:
            at[person.outlet_id, person.department_id].append(person)
        yield self._unit(actor.tenant_name, 0, len(people))
        regions = defaultdict(list)
        for outlet in known.values():
            regions[outlet.region].append(outlet)
        for region in sorted(regions, key=lambda r: (r is not None, r.code if r else "")):
            depth = 1
            if region is not None:
                inside = {o.pk for o in regions[region]}
                yield self._unit(region.name, 1, sum(p.outlet_id in inside for p in people))
                depth = 2
            for outlet in regions[region]:
                yield self._unit(outlet.name, depth, sum(p.outlet_id == outlet.pk for p in people))
                for group in (None, *departments[outlet.pk]):
                    members, deeper = at[outlet.pk, group.pk if group else None], depth + (2 if group else 1)
                    if group:
                        yield self._unit(group.name, depth + 1, len(members))
                    yield from (self._person(p, deeper, known) for p in members)

    @staticmethod
    def _unit(name, depth, count):
        return {"unit": INDENT * depth + name, "name": name, "depth": depth, "people": count}

    @staticmethod
    def _person(person, depth, known):
        return {"unit": INDENT * depth + person.name, "name": f"{person.name} {person.position.name}", "depth": depth, "pk": person.pk,
                "position": person.position.name, "superior": person.superior.name if person.superior else "",
                "more": "、".join(known[pk].name for pk in map(int, person.more_outlets) if pk in known),
                "state": person.get_state_display() if person.state != "active" else ""}

    def drill(self, row):
        return registry.registers["org", "employee"].url("detail", row["pk"]) if "pk" in row else ""

    def chart(self, rows):
        """The same as a tree to open and close; people are leaves."""
        path = []
        for row in rows:
            node = {"name": row["name"] if "pk" in row else f"{row['name']} · {row['people']}", "children": []}
            del path[row["depth"]:]
            if path:
                path[-1]["children"].append(node)
                path[-1]["collapsed"] = "pk" in row  # people show when their unit is opened
            path.append(node)
        for node in path[:1]:
            return {"tooltip": {"trigger": "item"}, "aria": {"enabled": True, "label": {"description": __("Organisation")}},
                    "series": [{"type": "tree", "data": [node], "orient": "LR", "left": 150, "right": 160,
                                "top": 8, "bottom": 8, "symbolSize": 8, "roam": True,
                                "label": {"position": "left", "verticalAlign": "middle", "align": "right"},
                                "leaves": {"label": {"position": "right", "align": "left"}}}]}
        return None
