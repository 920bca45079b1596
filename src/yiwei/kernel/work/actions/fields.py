"""Inputs of actions: Django form fields, pickers within scope, and lines."""

import json

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey
from django.forms.models import fields_for_model
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from yiwei.kernel.base.ids import id_of
from yiwei.kernel.records import scope
from yiwei.kernel.records.personal import mask_of, redacted
from yiwei.kernel.text import clean_text, without_digits

from .values import value_of


class Pick(forms.Field):
    """Choose a row of `model` among those the actor may see. Cleans an id into the row.

    `limit` narrows what may be chosen. `within={"sub": "sub"}` narrows what is offered, lookup by field of the same form:
    once a sub-contract is chosen there, only its rows. `related`: references fetched along. `tiles`: in lines, the rows are
    also offered as buttons, with the icon that the field of this name holds; one tap adds a line. `disabled_too`: base data that is
    no longer in use as well.
    """

    def __init__(self, model, *, limit=None, many=False, within=None, related=(), tiles="", disabled_too=False, **kwargs):
        super().__init__(**kwargs)
        self._model, self.limit, self.many, self.within, self.related = model, limit or {}, many, within or {}, related
        self.tiles, self.disabled_too = tiles, disabled_too

    @cached_property
    def model(self):
        from django.apps import apps
        return apps.get_model(self._model) if isinstance(self._model, str) else self._model

    def query(self, actor):
        rows = scope.rows(self.model, actor).select_related(*self.related) if self.related else scope.rows(self.model, actor)
        if not self.disabled_too and any(f.name == "active" for f in self.model._meta.fields):
            rows = rows.filter(active=True)
        if self.model.choosable is not None:
            rows = rows.filter(self.model.choosable)
        return rows.filter(self.limit) if not isinstance(self.limit, dict) else rows.filter(**self.limit)

    def clean_for(self, actor, value):
        if isinstance(value, self.model):
            return value
        if self.many:
            return self._clean_many(actor, value)
        if value in (None, ""):
            if self.required:
                raise ValidationError(_("This field is required."))
            return None
        found = self.query(actor).filter(pk=id_of(value) or 0).first()
        if found is None:
            raise ValidationError(_("Choose one of the entries offered."))
        return found

    def _clean_many(self, actor, value):
        ids = {id_of(v) for v in value} if isinstance(value, (list, tuple)) else {None} if value else set()
        if None in ids:
            raise ValidationError(_("Choose one of the entries offered."))
        found = list(self.query(actor).filter(pk__in=ids))
        if len(found) != len(ids):
            raise ValidationError(_("Choose one of the entries offered."))
        if self.required and not found:
            raise ValidationError(_("This field is required."))
        return found

    def offered(self, actor, form):
        """What the picker shows beside the present values of its form."""
        chosen = {lookup: form.get(name, "") for lookup, name in self.within.items()}
        return self.query(actor).filter(**{lookup: id_of(value) for lookup, value in chosen.items() if id_of(value)})


class Discreet(forms.CharField):
    """Text that others will read: telephone numbers in it are masked as it comes in."""

    def to_python(self, value):
        return without_digits(super().to_python(value) or "")


class Asked(forms.BooleanField):
    """A tick that the form shows only where a refusal has asked for it."""

    when_asked = True

    def __init__(self, **kwargs):
        super().__init__(required=False, **kwargs)


class FilesInput(forms.FileInput):
    """A file input that takes several; phones offer their camera."""

    allow_multiple_selected = True


class Files(forms.FileField):
    """Several files at once, say photos from a site. Cleans into a list."""

    def __init__(self, *, maximum=20, accept="image/*", **kwargs):
        kwargs.setdefault("widget", FilesInput(attrs={"multiple": True, "accept": accept}))
        super().__init__(**kwargs)
        self.maximum = maximum

    def clean_all(self, uploads):
        if len(uploads) > self.maximum:
            raise ValidationError(_("At most %(n)s files at once.") % {"n": self.maximum})
        if not uploads and self.required:
            raise ValidationError(_("This field is required."))
        return [self.clean(upload, None) for upload in uploads]


class Lines(forms.Field):
    """A table of lines. Takes a list of dicts (or its JSON) and cleans every cell, naming row and column."""

    def __init__(self, fields, *, minimum=0, maximum=500, **kwargs):
        kwargs.setdefault("required", minimum > 0)
        super().__init__(**kwargs)
        self.fields, self.minimum, self.maximum = fields, minimum, maximum

    def clean_for(self, actor, value):
        if isinstance(value, str):
            try:
                value = json.loads(value or "[]")
            except (ValueError, RecursionError):
                raise ValidationError(_("The lines could not be read.")) from None
        if not isinstance(value or [], list) or not all(isinstance(r, dict) for r in value or []):
            raise ValidationError(_("The lines could not be read."))
        rows = [r for r in value or [] if any(v not in (None, "", []) for v in r.values())]
        if len(rows) < self.minimum:
            raise ValidationError(_("At least %(n)s line is needed.") % {"n": self.minimum})
        if len(rows) > self.maximum:
            raise ValidationError(_("At most %(n)s lines are possible.") % {"n": self.maximum})
        return self._clean_rows(actor, rows)

    def _clean_rows(self, actor, rows):
        errors, cleaned = {}, []
        fetched = {name: self._fetch(actor, name, rows) for name, f in self.fields.items() if isinstance(f, Pick)}
        for index, row in enumerate(rows):
            out = {}
            for name, field in self.fields.items():
                try:
                    if name in fetched:
                        out[name] = self._picked(field, fetched[name], row.get(name))
                    else:
                        value = row.get(name)
                        out[name] = value_of(field, field.initial if value in (None, "") and field.initial is not None else value)
                except ValidationError as error:
                    errors[f"{index}.{name}"] = list(error.messages)
            cleaned.append(out)
        if errors:
            raise LineErrors(errors)
        return cleaned

    def _fetch(self, actor, name, rows):
        ids = {id_of(row.get(name)) for row in rows} - {None}
        return {o.pk: o for o in self.fields[name].query(actor).filter(pk__in=ids)} if ids else {}

    @staticmethod
    def _picked(field, fetched, value):
        if value in (None, ""):
            if field.required:
                raise ValidationError(_("This field is required."))
            return None
        found = fetched.get(id_of(value))
        if found is None:
            raise ValidationError(_("Choose one of the entries offered."))
        return found


class LineErrors(ValidationError):
    """Errors of single cells, keyed "row.column"."""

    def __init__(self, cells):
        super().__init__(_("Some lines need correction."))
        self.cells = cells


def model_fields(model, names):
    """Form fields of a model by name; references become pickers within scope."""
    plain = fields_for_model(model, fields=names)
    out = {}
    for name in names:
        field = model._meta.get_field(name)
        if isinstance(field, ForeignKey):
            out[name] = Pick(field.related_model, required=not (field.null or field.blank),
                             label=field.verbose_name, help_text=field.help_text)
        elif plain.get(name) is not None:
            out[name] = plain[name]
    return out


def blind(fields, actor, obj):
    """Fields that hold what `actor` does not see come empty; left empty, they keep what is there."""
    for name, field in fields.items():
        mask = mask_of(type(obj), name)
        if mask and not actor.sees(mask) and hasattr(obj, name):
            field.kept, field.required, field.initial = getattr(obj, name), False, None
            field.help_text = _("Hidden; leave it empty to keep it.")
    return fields


def restored(cleaned, actor, obj):
    """Texts that came masked (`initial_of`) and went back unchanged are what they were."""
    for name, value in cleaned.items():
        kept = getattr(obj, name, None)
        if isinstance(value, str) and isinstance(kept, str) and value != kept and value == clean_text(redacted(kept, actor)):
            cleaned[name] = kept
    return cleaned


def clean(fields, raw, files, actor, initial=None):
    """Clean raw input by `fields`. Returns (cleaned, errors by field)."""
    cleaned, errors = {}, {}
    for name, field in fields.items():
        if isinstance(field, Files):
            value = files.getlist(name) if hasattr(files, "getlist") else (files or {}).get(name) or []
        elif isinstance(field, forms.FileField):
            value = (files or {}).get(name)
        elif isinstance(field, (forms.MultipleChoiceField, Pick)) and hasattr(raw, "getlist"):
            many = isinstance(field, forms.MultipleChoiceField) or field.many
            value = raw.getlist(name) if many else raw.get(name)
        elif hasattr(raw, "getlist"):
            value = field.widget.value_from_datadict(raw, files or {}, name)
        else:
            value = raw.get(name)
            if value is None and name not in raw and not isinstance(field, forms.BooleanField):
                value = field.initial if not callable(field.initial) else field.initial()
        try:
            if value in (None, "", [], {}) and hasattr(field, "kept"):
                cleaned[name] = field.kept
            elif hasattr(field, "clean_for"):
                cleaned[name] = field.clean_for(actor, value)
            elif isinstance(field, Files):
                cleaned[name] = field.clean_all(value if isinstance(value, list) else [value])
            elif isinstance(field, forms.FileField):
                cleaned[name] = field.clean(value, None)
            else:
                cleaned[name] = value_of(field, value)
        except LineErrors as error:
            errors[name] = list(error.messages)
            errors.update({f"{name}.{cell}": text for cell, text in error.cells.items()})
        except ValidationError as error:
            errors[name] = list(error.messages)
    return cleaned, errors
