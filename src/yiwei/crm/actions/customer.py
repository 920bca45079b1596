"""Customers: making, changing, passing on, losing and winning back (CRM-05)."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.catalog.models.dictionary import CustomerSource
from yiwei.crm.hooks import claims, parties
from yiwei.crm.rules import duplicates, fields, stage
from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.base.message import Message
from yiwei.kernel.records import search
from yiwei.kernel.records.document import log
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Pick
from yiwei.kernel.work.notify.send import tell
from yiwei.kernel.work.options import Option

from ..models.customer import Customer, CustomerShare, Handover, House

SELLERS = "guide store_manager region_director"
CHIEFS = "store_manager region_director"


def checked(actor, data, exclude=None):
    """The person's data in one form: phones in plain digits and nobody else's, budget the right way round."""
    for name in duplicates.PHONES:
        data[name] = parties.clean_phone(data.get(name), name)
    data["more_phones"] = parties.clean_phones(data.get("more_phones"), "more_phones")
    if data.get("budget_low") and data.get("budget_high") and data["budget_low"] > data["budget_high"]:
        raise Invalid({"budget_high": [__("The upper budget is below the lower one.")]})
    if data.get("source") and data["source"].needs_referrer and not (data.get("referrer") or "").strip():
        raise Invalid({"referrer": [__("“%(source)s” needs the name of who recommended us.") % {"source": data["source"]}]})
    data["level"] = data.get("level") or "C"
    duplicates.refuse(actor, data, exclude)
    return data


def split(data):
    """(person, house) out of one form."""
    house = {n: data.pop(n) for n in fields.HOUSE if n in data}
    return data, parties.split_house(house)


def house_of(data):
    """A house, not yet saved, if anything is known of it."""
    return House(**data) if any(data.get(n) for n in ("community", "address", "room")) else None


def write_house(actor, customer, data):
    """A house of the customer, if anything is known of it."""
    house = house_of(data)
    if house is None:
        return None
    house.customer, house.created_by_id = customer, actor.id
    house.save(force_insert=True)
    search.index(house, created=True)
    return house


@action(Customer, _("New customer"), creates=True, quick=True, roles=SELLERS, icon="user-plus", style="primary",
        fields=lambda actor, obj=None: {**fields.person(), **fields.house(), **fields.anyway()}, done=_("The customer is saved."))
def create(actor, *, anyway=True, **data):
    """A customer with the first house, in one form. A phone known in the company is refused, a house that is known is asked about."""
    person, house = split(data)
    if not person.get("phone") and not person.get("wechat"):
        raise Invalid({"phone": [__("Give a phone or a WeChat name.")]})
    day, person = person.pop("visited_on", None) or timezone.localdate(), checked(actor, person)
    hidden = duplicates.ask(actor, Customer(**person), house_of(house), anyway)
    customer = Customer.start(actor, visited_on=day, **person)
    write_house(actor, customer, house)
    duplicates.report(actor, customer, hidden)
    claims.refuse_unfiled(customer)
    if customer.next_contact:
        from .followup import plan
        plan(actor, customer=customer, due_on=customer.next_contact, way="call", remark="")
    return customer


@action(Customer, _("Edit"), roles=SELLERS, icon="pencil", done=_("Saved."), show=lambda actor, c: c.state not in ("public_pool", "merged"),
        fields=lambda actor, obj=None: fields.filled({k: v for k, v in fields.person().items()
                                                      if k != "next_contact"}, obj))
def edit(actor, customer, **data):
    """Correct what is known of the person; a new phone must be free. After signing the source moves rebates: see `change_source`."""
    source = data.get("source")
    changed = (source and source.pk) != customer.source_id
    if changed and customer.state in stage.SIGNED:
        raise Invalid({"source": [__("After signing only the director changes the source: “Change source”.")]})
    before = customer.phones
    for name, value in checked(actor, data, exclude=customer).items():
        setattr(customer, name, value)
    customer.remember_phones(before)
    if changed:
        claims.refuse_unfiled(customer)


@action(Customer, _("Change source"), roles="region_director general_manager", icon="route", sources=stage.SIGNED, done=_("Saved."),
        fields=lambda actor, obj=None: fields.filled({"source": Pick(CustomerSource, label=_("Source")), "reason": fields.reason()}, obj))
def change_source(actor, customer, *, source, reason):
    """The source after signing: it decides on rebates, so only the director changes it, and says why (BAS-08)."""
    log(actor, customer, "crm.customer.change_source", text=__("Source: %(before)s → %(after)s. %(why)s") % {
        "before": customer.source or "–", "after": source, "why": reason})
    customer.source = source


@action(Customer, _("Add house"), roles=f"{SELLERS} designer", icon="home-plus", show=lambda actor, c: c.state != "merged", done=_("Saved."),
        fields=lambda actor, obj=None: {**fields.house(), **fields.anyway()})
def add_house(actor, customer, *, anyway=True, **data):
    """A further house of the same customer; where somebody else has it, that is asked about."""
    data = parties.split_house(data)
    hidden = duplicates.ask(actor, customer, house_of(data), anyway)
    if write_house(actor, customer, data) is None:
        raise Invalid({"community": [__("Name the community or the address.")]})
    duplicates.report(actor, customer, hidden)


@action(Customer, _("Transfer"), roles=CHIEFS, icon="arrows-exchange", bulk=True, done=_("Handed over."),
        sources=(*stage.OPEN, "public_pool"),
        fields={"owner": fields.employees(_("New owner"), "guide", "store_manager"),
                "performance_from": fields.day(_("Performance from"), initial=timezone.localdate),
                "reason": fields.reason()})
def transfer(actor, customer, *, owner, performance_from, reason):
    """Hand a customer and its open follow-ups to a colleague; history stays, performance counts from a day on."""
    if owner.pk == customer.owner_id:
        raise Invalid({"owner": [__("This person is the owner already.")]})
    before = customer.owner_id
    _hand_over(actor, customer, owner.pk, performance_from, reason)
    customer.owner, customer.outlet_id = owner, owner.outlet_id
    if customer.state == "public_pool":
        customer.state = "lead"
    text = Message("Customer %(customer)s was handed to %(owner)s.") % {"customer": customer.name, "owner": owner.name}
    tell({before, owner.pk} - {actor.id}, text, customer)


def _hand_over(actor, customer, to, day=None, reason=""):
    """Keep the change of owner, and let the open plans follow."""
    day = day or timezone.localdate()
    Handover.objects.create(customer=customer, before_id=customer.owner_id, after_id=to, performance_from=day,
                            reason=reason, created_by_id=actor.id)
    customer.performance_from = day
    plans = customer.follow_ups.filter(state="planned")
    if to:
        plans.update(owner_id=to)


@action(Customer, _("Assign designer"), roles=SELLERS, icon="ruler-2", sources=stage.OPEN, style="primary",
        done=_("The designer has been told."),
        fields={"designer": fields.employees(_("Designer"), "designer"), "plan_on": fields.day(_("Planned for")),
                "rooms": fields.text(_("Rooms"), 200),
                "remark": forms.CharField(label=_("Remark"), required=False, widget=fields.AREA)})
def assign_designer(actor, customer, *, designer, plan_on, rooms, remark):
    """Name the designer; the measuring task opens by itself."""
    from .designtask import open_task
    customer.designer = designer
    if customer.state in stage.SELLING[:1]:
        customer.reach("to_measure")
    open_task(actor, customer, "measure", designer, plan_on=plan_on, rooms=rooms, remark=remark)


@action(Customer, _("Put into the public pool"), roles=SELLERS, icon="droplet-share", sources=stage.SELLING,
        target="public_pool", fields={"reason": fields.reason()}, bulk=True)
def release(actor, customer, *, reason):
    """Let colleagues of the outlet take the customer over."""
    owner = customer.owner_id
    _hand_over(actor, customer, None, reason=reason)
    _drop_plans(actor, customer, reason)
    customer.owner, customer.pooled_at, customer.next_contact = None, timezone.now(), None
    tell({owner} - {actor.id}, Message("Customer %(customer)s went to the public pool.") % {"customer": customer.name})


CLAIMS = Option("pool_claims_per_day", _("Customers one may take from the public pool a day"), 5)


@action(Customer, _("Claim"), roles=SELLERS, icon="hand-grab", sources=("public_pool",), target="lead", style="primary",
        done=_("The customer is yours."))
def claim(actor, customer):
    """Take a customer out of the public pool, within the number of customers one may take a day."""
    search.hold({f"claim:{actor.id}"})
    today = Handover.objects.filter(after_id=actor.id, before=None, created_at__date=timezone.localdate()).count()
    quota = CLAIMS.value()
    if today >= quota:
        raise Refused(__("Not more than %(n)s customers a day can be taken from the pool.") % {"n": quota})
    _hand_over(actor, customer, actor.id, reason=__("From the public pool"))
    customer.owner_id, customer.outlet_id, customer.pooled_at = actor.id, actor.outlet_id, None


@action(Customer, _("Mark as lost"), roles=SELLERS, icon="user-x", style="danger", sources=stage.SELLING, target="lost",
        fields={"reason": fields.reason(_("Reason lost")), "rival": fields.text(_("Lost to"), required=True, help_text=_(
            "The rival, or “nobody” where the customer gave up."))})
def lose(actor, customer, *, reason, rival):
    """The customer has bought elsewhere or not at all: why, and to whom."""
    customer.lost_reason, customer.rival, customer.next_contact = reason, rival, None
    _drop_plans(actor, customer, reason)


@action(Customer, _("Win back"), roles=SELLERS, icon="user-check", sources=("lost",), target="lead")
def win_back(actor, customer):
    """A lost customer shows interest again."""
    customer.lost_reason = customer.rival = ""


@action(Customer, _("Mark as invalid"), roles=CHIEFS, icon="user-off", style="danger", sources=stage.SELLING, target="invalid",
        fields={"reason": fields.reason()})
def invalidate(actor, customer, *, reason):
    """No real customer: wrong number, a trial entry. The phone is free again."""
    _drop_plans(actor, customer, reason)
    customer.next_contact = None


def _drop_plans(actor, customer, reason):
    for plan in customer.follow_ups.filter(state="planned"):
        plan.state = "cancelled"
        plan.touch()
        plan.save()
        log(actor, plan, "crm.followup.cancel", text=reason, from_state="planned", to_state="cancelled")


@action(Customer, _("Set tags"), roles=CHIEFS, icon="tags", show=lambda actor, c: c.state != "merged", done=_("Saved."),
        fields=lambda actor, obj=None: {"tags": forms.MultipleChoiceField(
            label=_("Tags"), choices=fields.TAGS, required=False, widget=forms.CheckboxSelectMultiple,
            initial=obj.tags if obj else [])})
def tag(actor, customer, *, tags):
    """Mark as VIP, special or blacklisted."""
    customer.tags = list(tags)


@action(Customer, _("Share"), roles=CHIEFS, icon="users-plus", sources=stage.OPEN, done=_("Saved."),
        fields={"member": fields.employees(_("Colleague"), "guide", "designer", "store_manager"),
                "percent": forms.DecimalField(label=_("Share of the performance %"), min_value=0, max_value=100,
                                              decimal_places=2, initial=0, required=False)})
def share(actor, customer, *, member, percent):
    """Let a colleague work on the customer too; 0 % ends the right to performance, not the access."""
    others = sum(s.percent for s in customer.shares.exclude(member=member))
    if others + (percent or 0) > 100:
        raise Invalid({"percent": [__("The shares exceed 100 %.")]})
    CustomerShare.objects.update_or_create(customer=customer, member=member,
                                           defaults={"percent": percent or 0, "created_by_id": actor.id})
    tell({member.pk} - {actor.id}, Message("Customer %(c)s is shared with you.") % {"c": customer.name}, customer)


@action(Customer, _("End share"), roles=CHIEFS, icon="user-minus", style="danger",
        show=lambda actor, customer: customer.is_shared,
        fields={"member": fields.employees(_("Colleague"))})
def unshare(actor, customer, *, member):
    """The colleague no longer sees the customer."""
    if not customer.shares.filter(member=member).delete()[0]:
        raise Invalid({"member": [__("The customer is not shared with this person.")]})


@action(House, _("New house"), creates=True, verb="create", roles=f"{SELLERS} designer", icon="home-plus", style="primary",
        fields=lambda actor, obj=None: {"customer": Pick(Customer, label=_("Customer")), **fields.house(), **fields.anyway()}, done=_("Saved."))
def create_house(actor, *, customer, anyway=True, **data):
    """A further house of a customer; where somebody else has it, that is asked about."""
    data = parties.split_house(data)
    hidden = duplicates.ask(actor, customer, house_of(data), anyway)
    house = write_house(actor, customer, data)
    if house is None:
        raise Invalid({"community": [__("Name the community or the address.")]})
    duplicates.report(actor, customer, hidden)
    stage.reindex(customer)
    return house


@action(House, _("Edit"), roles=f"{SELLERS} designer", icon="pencil", done=_("Saved."), verb="edit",
        fields=lambda actor, obj=None: fields.filled(fields.house(), obj))
def edit_house(actor, house, **data):
    """Correct the address or what is known of the house."""
    for name, value in data.items():
        setattr(house, name, value if value is not None or name in ("area", "handover_on", "floor") else "")
    house.save()
    stage.reindex(house.customer)
