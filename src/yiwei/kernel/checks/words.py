"""How a wrong declaration is put into words, and the paths it may name."""

from difflib import get_close_matches

from django.core.checks import Error
from django.core.exceptions import FieldDoesNotExist


def error(number, who, text, hint=""):
    """One problem of `who`, a class or a name."""
    return Error(f"{who if isinstance(who, str) else who.__name__}: {text}", hint=hint or None, id=f"yiwei.E{number:03}")


def unknown(names, known):
    """“colums” (columns?), “x”: the names that are not known, with what may have been meant; '' where all are."""
    known = sorted(map(str, known))
    return ", ".join(f"“{n}”" + (f" ({near[0]}?)" if (near := get_close_matches(str(n), known, 1)) else "")
                     for n in names if str(n) not in known)


def lost(model, path, computed=False):
    """Where a path leads nowhere: “House has no “nmae” (name?)”; '' where it leads somewhere.

    A property, method or class attribute counts where `computed`. Behind a plain field anything is a lookup.
    """
    at = model
    for part in path.split("__"):
        try:
            field = at._meta.get_field(part)
        except FieldDoesNotExist:
            if computed and hasattr(at, part) or part == "pk":
                return ""
            return f"{at.__name__} has no {unknown([part], {f.name for f in at._meta.get_fields()})}"
        if field.related_model is None:
            return ""
        at = field.related_model
    return ""
