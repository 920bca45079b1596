"""What hangs on rows, and what rows name: found by walking the models' references, so that a new model is covered by being there."""

from .usage import references


def hanging_on(rows):
    """{model: ids} of everything that hangs on `rows` ({model: ids}), directly or through others."""
    found, edge = {}, {m: set(ids) for m, ids in rows.items() if ids}
    while edge:
        fresh = {}
        for model, ids in edge.items():
            for other, field in references(model):
                new = set(other.objects.filter(**{f"{field.name}__in": ids}).values_list("pk", flat=True)) - found.get(other, set())
                if new:
                    found.setdefault(other, set()).update(new)
                    fresh.setdefault(other, set()).update(new)
        edge = fresh
    return found


def named_by(rows, model):
    """Ids of `model` that any of `rows` ({model: ids}) refers to."""
    out = set()
    for other, field in references(model):
        if rows.get(other):
            out |= set(other.objects.filter(pk__in=rows[other]).exclude(**{field.name: None}).values_list(field.attname, flat=True))
    return out
