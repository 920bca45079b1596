"""Forms of actions: from declared fields to what the templates render."""

from functools import partial

from django import forms
from django.utils.translation import gettext as _

from yiwei.kernel.base.ids import id_of
from yiwei.kernel.records import scope
from yiwei.kernel.records.personal import redacted
from yiwei.kernel.work.actions.fields import Lines, Pick


class PickWidget(forms.Select):
    """A select filled from the picker's address; holds only the chosen entry."""

    def __init__(self, pick, chosen, url):
        super().__init__(attrs={"class": "form-select js-picker", "data-url": url, "data-within": " ".join(pick.within.values())})
        self.choices = [("", "")] + [(o.pk, o.as_choice()) for o in chosen]
        self.many = pick.many
        if pick.many:
            self.attrs["multiple"] = "multiple"
            self.allow_multiple_selected = True

    def value_from_datadict(self, data, files, name):
        return data.getlist(name) if self.many and hasattr(data, "getlist") else data.get(name)


NATIVE = {forms.DateField: (forms.DateInput, "date", "%Y-%m-%d"),
          forms.DateTimeField: (forms.DateTimeInput, "datetime-local", "%Y-%m-%dT%H:%M")}


MANY = 15   # choices; a select with more can be searched


def _select(widget):
    number = sum(len(choice[1]) if isinstance(choice[1], (list, tuple)) else 1 for choice in widget.choices)
    return "form-select js-picker" if number > MANY else "form-select"


def _widget(field):
    native = NATIVE.get(type(field))
    if native and getattr(field.widget, "input_type", "") != native[1]:
        field.widget = native[0](attrs=field.widget.attrs, format=native[2])
        field.widget.input_type = native[1]
    widget = field.widget
    kind = {
        forms.DateField: "form-control js-date", forms.DateTimeField: "form-control js-datetime",
        forms.BooleanField: "form-check-input",
    }.get(type(field))
    if isinstance(field, forms.JSONField):
        widget.attrs["rows"] = 3
    if kind is None:
        kind = "ticks" if isinstance(widget, forms.CheckboxSelectMultiple) else \
            _select(widget) if isinstance(widget, forms.Select) else "form-control"
    widget.attrs.setdefault("class", kind)
    if isinstance(field, (forms.DecimalField, forms.IntegerField)):
        widget.attrs.setdefault("inputmode", "decimal")
    return widget


def build(act, actor, obj, raw, errors, address):
    """A Django form for rendering only: values, errors and pickers in place; `address(field)` is where a picker asks."""
    declared = act.inputs(actor, obj)
    shown, lines = {}, []
    for name, field in declared.items():
        if getattr(field, "when_asked", False) and name not in errors and not raw.get(name):
            continue
        if isinstance(field, Lines):
            lines.append(_lines(name, field, raw, errors, actor, address))
        elif isinstance(field, Pick):
            chosen = _chosen(field, raw, name, actor)
            shown[name] = forms.Field(label=field.label, required=field.required, help_text=field.help_text,
                                      widget=PickWidget(field, chosen, address(name)),
                                      initial=[o.pk for o in chosen] if field.many else (
                                          chosen[0].pk if chosen else None))
        else:
            _widget(field)
            shown[name] = field
    form_class = type("Inputs", (forms.Form,), dict(shown))
    initial = {n: _typed(raw, n, f) for n, f in shown.items() if not isinstance(declared[n], Pick) and (n in raw or hasattr(raw, "getlist"))}
    initial.update({n: f.initial for n, f in shown.items() if isinstance(declared[n], Pick)})
    form = form_class(initial=initial)
    form.problems = {k: v for k, v in errors.items() if "." not in k}
    for name, _found in form.problems.items():
        if name in form.fields:
            form.fields[name].widget.attrs["class"] = form.fields[name].widget.attrs.get("class", "") + " is-invalid"
    return form, lines


def _typed(raw, name, field):
    """What a form brought for a field; a tick that is not there was taken out."""
    if hasattr(raw, "getlist") and isinstance(field, forms.MultipleChoiceField):
        return raw.getlist(name)
    return raw.get(name, False if isinstance(field, forms.BooleanField) else "")


def _chosen(field, raw, name, actor):
    value = raw.getlist(name) if field.many and hasattr(raw, "getlist") else raw.get(name)
    if value in (None, "", []):
        return []
    values = value if isinstance(value, (list, tuple)) else [value]
    return list(field.query(actor).filter(pk__in={id_of(v) for v in values} - {None}))


def _kind(field):
    if isinstance(field, Pick):
        return "picker"
    if isinstance(field, forms.BooleanField):
        return "bool"
    if isinstance(field, forms.ChoiceField):
        return "select"
    if isinstance(field, forms.DateField):
        return "date"
    if isinstance(field, forms.DecimalField):
        return "decimal"
    if isinstance(field, forms.IntegerField):
        return "number"
    return "text"


def _lines(name, field, raw, errors, actor, address):
    import json
    value = raw.get(name) or []
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            value = []
    heads = [{"name": n, "label": str(f.label or n), "kind": _kind(f), "required": f.required,
              "picker_url": address(f"{name}.{n}") if isinstance(f, Pick) else "",
              "within": list(f.within.values()) if isinstance(f, Pick) else [],
              "choices": [(str(k), str(v)) for k, v in f.choices] if isinstance(f, forms.ChoiceField) else [],
              "initial": "" if f.initial is None or callable(f.initial) else str(f.initial),
              "width": f.widget.attrs.get("data-width", ""),
              "when": f.widget.attrs["data-when"].split("=") if "data-when" in f.widget.attrs else None} for n, f in field.fields.items()]
    rows = [_line(field, row, actor) for row in value if isinstance(row, dict)] if isinstance(value, list) else []
    mine = {k.removeprefix(f"{name}."): v for k, v in errors.items() if k.startswith(f"{name}.")}
    return {"name": name, "label": field.label, "json": json.dumps(rows, ensure_ascii=False),
            "help": field.help_text, "form_fields": heads, "rows": rows,
            "errors": mine, "cell_errors": [{"row": int(k.split(".")[0]) + 1, "field": k.split(".")[1],
                                             "text": " ".join(v)} for k, v in mine.items()],
            "general": errors.get(name, []), "minimum": field.minimum, "tiles": _tiles(field, actor)}


def _tiles(field, actor):
    """Lines that one tap adds: the rows of a picker that asks for tiles, with the icon named in the row."""
    return [{"field": n, "id": row.pk, "text": row.as_choice(), "icon": getattr(row, f.tiles) or "plus"}
            for n, f in field.fields.items() if isinstance(f, Pick) and f.tiles for row in f.query(actor)[:24]]


def _line(field, row, actor):
    out = {}
    for name, f in field.fields.items():
        value = row.get(name)
        if isinstance(f, Pick) and value not in (None, ""):
            found = value if hasattr(value, "pk") else None
            if found is None and id_of(value):
                found = scope.rows(f.model, actor).filter(pk=id_of(value)).first()
            out[name], out[f"{name}_label"] = (found.pk, found.as_choice()) if found else (value, str(value))
        else:
            out[name] = "" if value is None else str(value)
    return out


WIDE = (forms.Textarea, forms.SelectMultiple, forms.CheckboxSelectMultiple, forms.ClearableFileInput)


def shown_fields(form):
    """Bound fields with their errors and how much room they want."""
    out = []
    for bound in form:
        widget = bound.field.widget
        kind = ("hidden" if bound.is_hidden else "check" if isinstance(widget, forms.CheckboxInput)
                else "file" if isinstance(widget, forms.FileInput) else "wide" if isinstance(widget, WIDE) else "")
        out.append({"bound": bound, "kind": kind, "errors": form.problems.get(bound.name, [])})
    return out


def initial_of(act, actor, obj, query):
    """First values of a form: the action's own, the fields' and those in the address."""
    raw, fields = {}, act.inputs(actor, obj)
    for name, field in fields.items():
        value = field.initial() if callable(field.initial) else field.initial
        if value is not None:
            raw[name] = value
    if act.initial:
        raw.update(act.initial(actor, obj))
    raw = {name: redacted(value, actor) if isinstance(value, str) else value for name, value in raw.items()
           if not hasattr(fields.get(name), "kept")}
    for name in query:
        if name in fields:
            raw[name] = query[name]
    return raw


def picker_url(register, act, obj, field):
    """Where the picker of a field asks for what it offers."""
    if act.creates:
        return register.url("new-pick", verb=act.verb, field=field)
    return register.url("act-pick", obj.pk, verb=act.verb, field=field)


def form_context(register, act, actor, obj, raw, errors, token, error=None):
    """The contract of the form templates."""
    form, lines = build(act, actor, obj, raw, errors, partial(picker_url, register, act, obj))
    action_url = (register.url("new", verb=act.verb) if act.creates
                  else register.url("act", obj.pk, verb=act.verb))
    return {
        "title": act.label, "help": act.help, "submit_label": act.label, "submit_style": act.style,
        "subtitle": str(obj) if obj is not None else "",
        "cancel_url": register.url("detail", obj.pk) if obj is not None else register.url(),
        "action_url": action_url, "token": token, "form": form, "lines": lines,
        "fields": shown_fields(form), "confirm": act.confirm(obj) if callable(act.confirm) else act.confirm,
        "version": getattr(obj, "version", "") if obj is not None else "",
        "errors": form.problems, "multipart": any(isinstance(f, forms.FileField) for f in form.fields.values()),
        "conflict": {"text": error.message} if error is not None and error.code == "stale" else None,
        "general": ([error.message] if error is not None and error.code != "stale" else [])
        + [f"{t}" for k, ts in errors.items() if k not in form.fields and "." not in k for t in ts],
        "hint": _("Fields with * are required."),
        "tick_search": sum(sum(1 for _w in f.widget.subwidgets("x", None)) for f in form.fields.values()
                           if isinstance(f.widget, forms.CheckboxSelectMultiple)) > MANY,
    }
