"""Helpers for tests: a dealer with a fixed cast, and doing actions as a role."""

from dataclasses import dataclass, field

from yiwei.kernel.base import directory, registry
from yiwei.kernel.records.tenancy import context
from yiwei.kernel.work.actions.action import perform

PASSWORD = "Passw0rd-for-tests"


@dataclass
class Dealer:
    """A tenant with two regions of two outlets and one employee per position in each showroom."""

    id: int
    code: str
    members: dict = field(default_factory=dict)   # "guide", "guide2" (other outlet) … -> employee id
    outlets: dict = field(default_factory=dict)

    def inside(self, who="general_manager"):
        """A context in which the ORM sees this dealer."""
        return context.entered(self.id, self.members.get(who))

    def actor(self, who):
        with context.entered(self.id):
            return directory.load(self.members[who])

    def do(self, who, name, obj=None, /, *, key="", version=None, **raw):
        """Perform an action as an employee, with raw input as a form or the API would send it."""
        act = registry.actions[name]
        raw = {k: getattr(v, "pk", v) for k, v in raw.items()}
        outcome = perform(act, self.actor(who), getattr(obj, "pk", obj), raw, {}, key=key, version=version)
        return outcome.case if outcome.case is not None else outcome.obj

    def get(self, model, pk):
        with self.inside():
            return model.objects.get(pk=getattr(pk, "pk", pk))


def make_dealer(code="one", *, sign_ins=False):
    """Open a dealer with the cast of the tests."""
    from yiwei.org.models.outlet import Outlet, Region
    from yiwei.org.rules.dealers import hire, open_dealer, sign_in
    from yiwei.org.rules.presets import POSITIONS

    tenant_id, _name, _password = open_dealer(code, f"Dealer {code}", password=PASSWORD)
    dealer = Dealer(tenant_id, code)
    with context.entered(tenant_id):
        office = Outlet.objects.get(is_head_office=True)
        dealer.outlets["office"] = office.pk
        for r in (1, 2):
            region = Region.objects.create(code=f"R{r}", name=f"Region {r}")
            for o in (1, 2):
                outlet = Outlet.objects.create(code=f"S{r}{o}", name=f"Showroom {r}{o}", region=region)
                dealer.outlets[f"S{r}{o}"] = outlet.pk
        first = Outlet.objects.get(code="S11")
        for code_, preset in POSITIONS.items():
            home = office if preset[1] == "company" or code_ in ("driver", "installer") else first
            member = hire(f"E-{code_}", f"{code_}", code_, home)
            dealer.members[code_] = member.pk
            if sign_ins:
                sign_in(member, f"{code_}@{code}", PASSWORD)
        for suffix, outlet_code in (("2", "S12"), ("3", "S21")):
            for code_ in ("store_manager", "guide", "designer", "channel_rep", "region_director"):
                if code_ == "region_director" and suffix == "2":
                    continue
                outlet = Outlet.objects.get(code=outlet_code)
                member = hire(f"E-{code_}{suffix}", f"{code_}{suffix}", code_, outlet)
                dealer.members[f"{code_}{suffix}"] = member.pk
                if sign_ins:
                    sign_in(member, f"{code_}{suffix}@{code}", PASSWORD)
        extra = hire("E-guide1b", "guide1b", "guide", first)
        dealer.members["guide1b"] = extra.pk
        if sign_ins:
            sign_in(extra, f"guide1b@{code}", PASSWORD)
    return dealer
