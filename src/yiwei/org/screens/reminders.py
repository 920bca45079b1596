"""Who is reminded of what after how many days, holidays, and what was reminded (SYS-04)."""

from django import forms
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from yiwei.kernel.base import directory, registry
from yiwei.kernel.base.errors import Invalid, Refused
from yiwei.kernel.models import Holiday, Reminder, ReminderRule
from yiwei.kernel.records import scope
from yiwei.kernel.screens.registers.register import Column, Register, View
from yiwei.kernel.work.reminders import due, engine

READERS, EDITORS = "tenant_admin general_manager region_director", "tenant_admin general_manager"
PEOPLE = [("owner", _("Responsible person")), ("superior", _("Superior of the responsible person")), ("store_manager", _("Store manager")),
          ("region_director", _("Regional director")), ("channel_manager", _("Channel manager")), ("finance_manager", _("Finance manager")),
          ("service_head", _("Head of service")), ("general_manager", _("General manager"))]
STEPS = (_("To be told"), _("Superiors to be told"), _("To be carried out"))
SHOWN, COUNTED = 50, 1000


def people_text(codes):
    """The words of a rule as people read them."""
    names = dict(PEOPLE)
    return "、".join(str(names.get(c, c)) for c in codes)


def today(actor, rule, params):
    """What would fire today, with the rule's days or with others tried out: of the rows `actor` sees (for org/fires_today.html)."""
    tried = str(params.get("days") or "")
    days = int(tried) if tried.isdigit() and len(tried) < 5 else rule.days
    outlook, people, register = due.Outlook(), engine.People(), registry.register_of(rule.about.model)
    mine = scope.rows(rule.about.model, actor).values("pk")
    opens = register is not None and register.allowed(actor)
    return {"days": days, "ahead": rule.about.ahead, "rests": outlook.rests(rule), "active": rule.active, "opens": opens,
            "parts": [_part(rule, step, outlook, mine, people, register, opens) for step in due.steps(rule, days)]}


def _part(rule, step, outlook, mine, people, register, opens):
    """One step of the rule: how many rows are due and how many of them still untold, the first of them with people and links."""
    rows, pending = outlook.due(rule, step).filter(pk__in=mine), outlook.pending(rule, step).filter(pk__in=mine)
    shown = list(pending[:SHOWN]) if opens else []
    told = people.told(rule.about, shown, step.tell)
    names = directory.names({m for members in told for m in members})
    return {"label": STEPS[step.number], "due": _counted(rows), "pending": _counted(pending),
            "rows": [{"text": rule.about.text(row), "since": row.clock, "url": register.url("detail", row.pk),
                      "people": "、".join(names.get(m, "") for m in members)} for row, members in zip(shown, told, strict=True)]}


def _counted(rows):
    n = rows.order_by()[:COUNTED + 1].count()
    return f"{COUNTED}+" if n > COUNTED else str(n)


class ReminderRules(Register):
    """After how many days who is told of what; of each rule, what it would concern today."""

    model, label = ReminderRule, _("Reminder rules")
    code, module, icon, position = "SYS-04", "system", "bell-cog", 49
    roles, editors = READERS, EDITORS
    order = "cause"
    columns = [Column("label", _("reminds of"), "text", value=lambda r: r.label, link=True),
               Column("stage", _("stage"), "text", value=lambda r: r.stage_label or __("all")),
               Column("level", _("level"), "text", value=lambda r: r.level or __("all")), "days", "repeat",
               Column("tell", _("who is told"), "text", value=lambda r: people_text(r.tell)), "escalate_after",
               Column("escalate_to", _("superiors who are told"), "text", value=lambda r: people_text(r.escalate_to)), "channel", "active"]
    filters = ["active", "channel"]
    form = ["cause", "stage", "level", "days", "warn_days", "repeat", "tell", "escalate_after", "escalate_to", "channel"]
    sections = [(_("Rule"), [*columns[:4], "warn_days", *columns[4:]])]
    tabs = [View("today", _("What would fire today"), "org/fires_today.html", today, show=lambda actor, rule: rule.about is not None)]
    help = _("A rule for a stage or a level goes before the general one. Holidays stop the clocks. Of one thing people are"
             " reminded once a day.")

    @classmethod
    def rows(cls, actor):
        engine.ensure()
        return super().rows(actor).filter(cause__in=registry.causes)

    @classmethod
    def inputs(cls, fields):
        causes = registry.causes.values()
        stages = {c: label for one in causes for c, label in one.stages}
        levels = sorted({c for one in causes for c in one.levels})
        fields["cause"] = forms.ChoiceField(label=fields["cause"].label, choices=[(c.code, c.label) for c in causes])
        fields["stage"] = forms.ChoiceField(label=fields["stage"].label, required=False, choices=[("", _("all")), *stages.items()])
        fields["level"] = forms.ChoiceField(label=fields["level"].label, required=False, choices=[("", _("all")), *((v, v) for v in levels)])
        for name in ("tell", "escalate_to"):
            fields[name] = forms.MultipleChoiceField(choices=PEOPLE, required=False, label=fields[name].label,
                                                     widget=forms.CheckboxSelectMultiple)
        return fields

    @classmethod
    def check(cls, actor, obj, data):
        cause = registry.causes[data["cause"]]
        if obj is not None and obj.general and (data["cause"], data["stage"], data["level"]) != (obj.cause, "", ""):
            raise Invalid({"cause": [__("The general rule stays general; make a new one for a stage or a level.")]})
        if data["stage"] and data["stage"] not in dict(cause.stages):
            raise Invalid({"stage": [__("“%(cause)s” knows no such stage.") % {"cause": cause.label}]})
        if data["level"] and data["level"] not in cause.levels:
            raise Invalid({"level": [__("“%(cause)s” has no levels.") % {"cause": cause.label}]})
        if (data["days"] or 0) < 1 and cause.effect:
            raise Invalid({"days": [__("At least one day.")]})
        if (data["warn_days"] or 0) and (not cause.effect or data["warn_days"] >= data["days"]):
            raise Invalid({"warn_days": [__("Less than the days, and only where something is done at their end.")]})
        if not data["tell"] and (not cause.effect or data["warn_days"]):
            raise Invalid({"tell": [__("Name who is told.")]})
        if bool(data["escalate_after"]) != bool(data["escalate_to"]):
            raise Invalid({"escalate_to": [__("Give both: after how many further days, and whom.")]})

    @classmethod
    def keep(cls, actor, obj, verb):
        if verb == "delete" and obj.general:
            raise Refused(__("The general rule can be disabled, not deleted."))


class Holidays(Register):
    """Days on which the clocks of reminders stand still."""

    model, label = Holiday, _("Holidays")
    code, module, icon, position = "SYS-04", "system", "beach", 51
    roles, editors = READERS, EDITORS
    order = "-first"
    columns = ["name", "first", "last", "active"]
    form = ["name", "first", "last"]
    importable = True
    help = _("Days on which the house is closed: the clocks of reminders and of the public pool stand still.")
    empty_text = _("Enter the days on which the house is closed, such as the Spring Festival.")

    @classmethod
    def check(cls, actor, obj, data):
        if data["last"] < data["first"]:
            raise Invalid({"last": [__("This is before the first day.")]})


class Reminders(Register):
    """Who was reminded of what on which day."""

    model, label = Reminder, _("Reminders given")
    code, module, icon, position = "SYS-04", "system", "bell-check", 52
    roles = f"{READERS} store_manager"
    columns = [Column("at", _("at"), "datetime", link=True), Column("label", _("reminds of"), "text", value=lambda r: r.label), "text", "step",
               "owner", "outlet"]
    filters = ["day", "step", "outlet", "owner"]
    sections = [(_("Reminder"), [*columns, Column("told", _("who was told"), "text", value=lambda r: "、".join(directory.names(r.told).values()))])]
