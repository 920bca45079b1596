"""Registers: a list, a detail and a form from one class."""

from functools import lru_cache
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwei.kernel.base import registry
from yiwei.kernel.base.errors import Invalid
from yiwei.kernel.base.flow import OPEN
from yiwei.kernel.records import scope, search, usage
from yiwei.kernel.records.document import BaseData, Document, Ordered
from yiwei.kernel.records.tenancy.models import Ref
from yiwei.kernel.work.actions.action import action
from yiwei.kernel.work.actions.fields import Pick, model_fields

from .columns import Column, column_for

DUE = ("due_on", "due_at")   # names that a day to be kept goes by


class Register:
    """One screen family for one model; registers itself when the class is written.

    `roles` may open it, `editors` also use its form, `exporters` take it out as a workbook; the tenant's
    positions may say otherwise. Required: `model`, `label`, `module` (which of the menu's modules). Usual:
    `code` (function code), `columns`, `filters`, `form` (gives create and edit actions), `order`, `sections`,
    `tabs`, `figures`.
    """

    model = None
    room = ""            # where its model lives; set by itself
    label = ""
    code = ""
    module = ""
    slug = ""
    icon = "table"
    main = True
    menu = True
    columns = ()
    filters = ()
    form = ()
    order = "-id"
    queues = ()          # tabs of its own (queues.Queue); waiting, mine, open, due today and all follow from the model
    decides = ()         # verbs offered in the row beside those for which documents wait (Pending)
    due = ""             # the day by which an open row must be done: gives the tab “due today” and the order of work
    sections = ()
    tabs = ()
    papers = ()          # kernel.paper.Paper: what of a row is printed as PDF
    help = ""
    search_hint = ""
    empty_text = ""
    limit = {}
    with_related = ()    # references to fetch along beside those the columns name
    board = False
    lanes = {}           # {field: label}: the board may also stand by these, with the rows still open
    board_columns = ()   # names of the columns on a card; by default the first few
    importable = False
    permission = ""
    roles = ""
    editors = ""
    exporters = ""
    position = 100

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if cls.model is None:
            registry.must_be_base(cls, "model")
            return
        cls.room = cls.model._meta.app_label
        cls.slug = cls.__dict__.get("slug") or cls.model._meta.model_name
        if issubclass(cls.model, Ordered) and "order" not in cls.__dict__:
            cls.order = "place"
        if "due" not in cls.__dict__:
            cls.due = next((n for n in DUE if any(f.name == n for f in cls.model._meta.local_fields)), "")
        registry.add(registry.registers, (cls.room, cls.slug), cls)
        registry.grant(cls.needs(), cls.roles)
        registry.grant(cls.needs(), cls.editors)
        registry.grant(f"{cls.room}.{cls.slug}.export", cls.exporters or "region_director finance_manager")
        if cls.form and cls.main:
            _base_actions(cls)

    # who and which rows
    @classmethod
    def needs(cls):
        return cls.permission or f"{cls.room}.{cls.slug}.view"

    @classmethod
    def allowed(cls, actor):
        return actor.can(cls.needs())

    @classmethod
    def rows(cls, actor):
        """The rows `actor` may see, with what the columns need."""
        rows = scope.rows(cls.model, actor)
        if cls.limit:
            rows = rows.filter(**cls.limit)
        related = cls.related()
        return rows.select_related(*related) if related else rows

    @classmethod
    @lru_cache(maxsize=512)
    def related(cls):
        """References that columns, sections and labels follow."""
        return tuple(sorted(references(cls.model, (*cls.all_columns(), *cls.section_columns())) | set(cls.with_related)))

    @classmethod
    @lru_cache(maxsize=512)
    def all_columns(cls):
        names = cls.columns or (["number", "state", "outlet", "owner", "created_at"]
                                if issubclass(cls.model, Document) else ["id"])
        columns = [column_for(cls.model, c) for c in names]
        if columns and not any(c.link for c in columns):
            columns[0].link = True
        return tuple(columns)

    @classmethod
    @lru_cache(maxsize=512)
    def section_columns(cls):
        return tuple(column_for(cls.model, c) for _title, names in cls.all_sections() for c in names)

    @classmethod
    def all_sections(cls):
        """[(title, [columns])]; by default every field of the form, or every column."""
        if cls.sections:
            return cls.sections
        names = list(cls.form or list(cls.columns))
        return [(gettext_lazy("Details"), names)]

    @classmethod
    def visible_columns(cls, actor):
        return [c for c in cls.all_columns() if not c.mask or c.kind == "phone" or actor.sees(c.mask)]

    @classmethod
    def find(cls, rows, text):
        """Rows matching the words typed into the search box."""
        return search.match(rows, text) if text else rows

    @classmethod
    def check(cls, actor, obj, data):
        """Refuse a plain create or edit that a rule forbids."""

    @classmethod
    def keep(cls, actor, obj, verb):
        """Refuse to disable, enable or delete (`verb`) a row that a rule protects."""

    @classmethod
    def inputs(cls, fields):
        """The fields of the plain form, where others fit better than those that follow from the model."""
        return fields

    # addresses
    @classmethod
    def url(cls, view="list", pk=None, **more):
        args = {"room": cls.room, "slug": cls.slug, **more}
        if pk is not None:
            args["pk"] = pk
        return reverse(f"register-{view}", kwargs=args)

    @classmethod
    def narrowed(cls, **filters):
        """The address of the list, narrowed by its filters: a pair fills a range, a list is any of them, None is left out."""
        from .listing import filters_of
        unknown = filters.keys() - {f.name for f in filters_of(cls)}
        if unknown:
            raise LookupError(f"{cls.__name__} has no filters {sorted(unknown)}: it has {[f.name for f in filters_of(cls)]}")
        query = {}
        for name, value in filters.items():
            if isinstance(value, tuple):
                query[name], query[f"{name}_to"] = value
            elif value is not None:
                query[name] = ",".join(map(str, value)) if isinstance(value, list) else value
        return f"{cls.url()}?{urlencode(query)}"

    @classmethod
    def actions(cls):
        return registry.actions_of(cls.model)

    # what a register may add to its detail page
    @classmethod
    def title(cls, obj):
        return str(obj)

    @classmethod
    def figures(cls, actor, obj):
        """Metric cards: [{"label", "text", "tone", "sub"}]."""
        return []

    @classmethod
    def notices(cls, actor, obj):
        """Lines above the page: [{"tone", "text"}]."""
        return []

    @classmethod
    def panels(cls, actor, obj):
        """Parts of the detail page with a template of their own: [{"title", "template", **what it needs}]."""
        return []

    @classmethod
    def flags(cls, actor, obj):
        """Badges of a row in lists: [{"label", "color"}]."""
        return []

    @classmethod
    def api_extra(cls, actor, obj):
        """What a program gets of one row beside its columns: {name: value}."""
        return {}


def references(model, columns):
    """The paths of references that columns of a model follow."""
    wanted = set()
    for column in columns:
        path, at, kept = column.value if isinstance(column.value, str) else column.name, model, []
        for part in path.split("__"):
            field = next((f for f in at._meta.fields if f.name == part), None)
            if not isinstance(field, Ref):
                break
            kept.append(part)
            at = field.related_model
        if kept:
            wanted.add("__".join(kept))
    return wanted


class Tab:
    """Rows of another model that belong to a row: `path` leads from the other model back.

    Of these one sees those within the own scope; `shared` shows them to everybody who sees the row.
    `filled`: the tab is there only where it has a row.
    """

    def __init__(self, key, label, model, path, columns, *, order="id", query=None, show=None, shared=False, filled=False):
        self.key, self.label, self._model, self.path, self.names = key, label, model, path, columns
        self.order, self.query, self.show, self.shared, self.filled = order, query, show, shared, filled

    @property
    def model(self):
        from django.apps import apps
        return apps.get_model(self._model) if isinstance(self._model, str) else self._model

    @property
    def columns(self):
        return [column_for(self.model, c) for c in self.names]

    def rows(self, actor, obj):
        rows = self.model.objects.all() if self.shared else scope.rows(self.model, actor)
        related = references(self.model, self.columns)
        rows = rows.select_related(*related) if related else rows
        if self.query:
            return self.query(rows, obj)
        return rows.filter(**{self.path: obj}).order_by(self.order)


class View:
    """A tab with a template of its own: `context(actor, obj, params)` gives what it needs. Read only when it is opened."""

    columns, model, filled = (), None, False

    def __init__(self, key, label, template, context, *, show=None):
        self.key, self.label, self.template, self.context, self.show = key, label, template, context, show


OWN = {"outlet": "outlet_id", "owner": "id"}  # of a new document that names no other: those of who makes it


def _base_actions(register):
    model = register.model
    names = list(register.form)

    def fields(actor, obj=None):
        made = register.inputs(model_fields(model, names))
        for name, field in made.items():
            if obj is not None:
                field.initial = getattr(obj, name)
            elif name in OWN and issubclass(model, Document):
                field.initial = getattr(actor, OWN[name])
        return made

    def given(data):
        """Nothing typed means the default where the column takes no null."""
        for name, value in data.items():
            field = model._meta.get_field(name)
            data[name] = field.get_default() if value is None and not field.null and field.has_default() else value
        return data

    def placed(actor, data):
        """Nobody puts a row where he could not see it; what is somebody's own may stand at another outlet."""
        outlet = data.get("outlet")
        if model.scope.outlet == "outlet" and not model.scope.people and outlet is not None and not scope.reaches(model, actor, outlet):
            raise Invalid({"outlet": [_("This outlet is not yours.")]})
        return data

    def create(actor, **data):
        data = placed(actor, given(data))
        if issubclass(model, Document):
            return model.start(actor, **{n: v for n, v in data.items() if v is not None or n not in OWN})
        obj = model(created_by_id=actor.id, **data)
        _unique(obj)
        obj.save(force_insert=True)
        return obj

    def edit(actor, obj, **data):
        for name, value in placed(actor, given(data)).items():
            setattr(obj, name, value)
        _unique(obj)

    taken = {a.verb for a in registry.actions_of(model)}
    if "create" not in taken:
        action(model, gettext_lazy("New"), creates=True, fields=fields, icon="plus", style="primary", check=register.check,
               roles=register.editors, done=gettext_lazy("Saved."))(create)
    if "edit" not in taken:
        action(model, gettext_lazy("Edit"), fields=fields, files=False, icon="pencil", roles=register.editors, check=register.check,
               sources=tuple(model.flow.of_group(OPEN)) if model.flow else (), done=gettext_lazy("Saved."))(edit)
    if issubclass(model, BaseData) and "disable" not in taken:
        def disable(actor, obj):
            register.keep(actor, obj, "disable")
            obj.active = False

        def enable(actor, obj):
            register.keep(actor, obj, "enable")
            obj.active = True

        def delete(actor, obj):
            register.keep(actor, obj, "delete")
            usage.unused(obj)

        action(model, gettext_lazy("Delete"), verb="delete", removes=True, style="danger", icon="trash", done=gettext_lazy("Deleted."),
               confirm=gettext_lazy("Only what is used nowhere can be deleted."),
               permission=f"{register.room}.{model._meta.model_name}.edit")(delete)
        action(model, gettext_lazy("Disable"), show=lambda a, o: o.active, style="secondary", bulk=True, confirm=usage.before_disabling,
               icon="circle-off", permission=f"{register.room}.{model._meta.model_name}.edit")(disable)
        action(model, gettext_lazy("Enable"), show=lambda a, o: not o.active, bulk=True, icon="circle-check",
               permission=f"{register.room}.{model._meta.model_name}.edit")(enable)
    if issubclass(model, Ordered):
        _order_actions(model, f"{register.room}.{model._meta.model_name}.edit")


def _order_actions(model, permission):
    """Up, down and to any place in the list people keep in an order of their own."""
    def up(actor, obj):
        obj.move(-1)

    def down(actor, obj):
        obj.move(1)

    def place(actor, obj, *, after):
        obj.place_after(after)

    action(model, gettext_lazy("Place behind"), verb="place", icon="arrows-sort", style="secondary", permission=permission,
           fields={"after": Pick(model, required=False, label=gettext_lazy("Behind"), disabled_too=True,
                                 help_text=gettext_lazy("Empty: at the very front. In the list, rows can be dragged."))})(place)
    action(model, gettext_lazy("Up"), icon="arrow-up", style="secondary", permission=permission)(up)
    action(model, gettext_lazy("Down"), icon="arrow-down", style="secondary", permission=permission)(down)


def _unique(obj):
    """Name the field that would break a unique rule, before the database does."""
    from yiwei.kernel.base.errors import Invalid
    for constraint in obj._meta.constraints:
        names = [n for n in getattr(constraint, "fields", ()) if n != "tenant"]
        if not names or getattr(constraint, "condition", None) is not None:
            continue
        values = {n: getattr(obj, n) for n in names}
        if any(v is None for v in values.values()):
            continue
        if type(obj).objects.filter(**values).exclude(pk=obj.pk).exists():
            label = obj._meta.get_field(names[-1]).verbose_name
            raise Invalid({names[-1]: [_("This %(label)s is already in use.") % {"label": label}]})


__all__ = ["Column", "Register", "Tab", "View"]
