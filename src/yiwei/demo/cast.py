"""Who may sign in to the demonstration, and who plays in its story."""

import random

from yiwei.kernel.base import directory, registry
from yiwei.kernel.records.tenancy import context
from yiwei.kernel.work.actions.action import perform
from yiwei.org.models.employee import Employee
from yiwei.org.models.outlet import Outlet
from yiwei.org.models.user import User
from yiwei.org.rules.dealers import hire, sign_in

CODE, NAME, PASSWORD = "demo", "华居木作家居", "yiwei-demo-2026"
HOME = "广州天河店"
SIGN_INS = [  # sign-in name, position
    ("gm", "general_manager"), ("director", "region_director"), ("manager", "store_manager"), ("guide", "guide"),
    ("designer", "designer"), ("channel", "channel_rep"), ("channelhead", "channel_manager"), ("drawing", "drawing_auditor"),
    ("price", "price_auditor"), ("finance", "finance_manager"), ("accountant", "accountant"), ("cashier", "cashier"),
    ("buyer", "purchaser"), ("keeper", "storekeeper"), ("dispatcher", "dispatcher"), ("driver", "driver"),
    ("installer", "installer"), ("servicehead", "service_head"), ("service", "service_agent"), ("admin", "tenant_admin"),
]

OPERATOR, OPERATOR_NAME = "platform@yiwei", "平台管理员"


def people_of(position):
    return Employee.objects.filter(position__code=position, state="active").order_by("id")


def give_sign_ins():
    """One sign-in for each role, of the showroom at home where the role has one there."""
    home = Outlet.objects.get(name=HOME)
    office = Outlet.objects.get(is_head_office=True)
    for short, position in SIGN_INS:
        name = f"{short}@{CODE}"
        member = (people_of(position).filter(outlet=home).first()
                  or people_of(position).filter(more_regions__contains=[home.region_id]).first() or people_of(position).first()
                  or hire(f"D-{short}", short, position, office))
        if not User.objects.filter(username=name).exists():
            sign_in(member, name, PASSWORD)
    User.objects.filter(username=f"admin@{CODE}").update(must_change=False)


class Cast:
    """The people of the story and how they act. Choices come from `random`, which each story seeds anew."""

    def __init__(self, tenant_id):
        self.tenant_id, self.random = tenant_id, random.Random(0)
        self.actors, self.by_place = {}, {}
        with context.entered(tenant_id):
            for member in Employee.objects.filter(state="active").select_related("position").order_by("id"):
                self.by_place.setdefault((member.position.code, member.outlet_id), []).append(member.pk)
                self.by_place.setdefault((member.position.code, None), []).append(member.pk)
                for region in member.more_regions:
                    self.by_place.setdefault((member.position.code, f"r{region}"), []).append(member.pk)

    def one(self, position, outlet=None):
        """An employee id of a position, of the outlet or its region where there is one."""
        places = [(position, outlet.pk), (position, f"r{outlet.region_id}")] if outlet is not None else []
        found = next((self.by_place[p] for p in places if p in self.by_place), self.by_place[position, None])
        return self.random.choice(found)

    def actor(self, member_id):
        if member_id not in self.actors:
            self.actors[member_id] = directory.load(member_id)
        return self.actors[member_id]

    def do(self, member_id, name, obj=None, files=None, /, **raw):
        """Perform an action as an employee. Gives the row, or the case where an approval stands before it."""
        raw = {k: getattr(v, "pk", v) for k, v in raw.items()}
        outcome = perform(registry.actions[name], self.actor(member_id), getattr(obj, "pk", obj), raw, files or {})
        return outcome.case if outcome.case is not None else outcome.obj

    def approve(self, case, outlet):
        """Everybody who has to sign a case does."""
        from yiwei.kernel.work.approvals.models import Case, Task
        for _turn in range(6):
            task = Task.objects.filter(case_id=case.pk, verdict="").order_by("id").first()
            if task is None or Case.objects.get(pk=case.pk).state != "waiting":
                return
            self.do(task.assignee_id, "kernel.case.approve", case)
