"""Find rows by plain keys: bigrams, last four digits, full phones, pinyin and initials, numbers.

A model says which fields feed it: `search = {"name": "name", "phone": "phone", "number": "code"}`.
Kinds: name (bigrams, pinyin, initials), text (bigrams), phone (full, last four), code (prefixes).
"""

import re
from functools import cache

from django.apps import apps
from django.db import connection
from django.db.models import prefetch_related_objects

from yiwei.kernel.base import deferred
from yiwei.kernel.records.tenancy import context
from yiwei.kernel.text import fold, simplified
from yiwei.kernel.text.sounds import ways

KINDS = ("name", "text", "phone", "code")
WORD = re.compile(r"[^\w\u3400-\u9fff]+")


def _plain(value):
    return WORD.sub("", simplified(fold(str(value or "")))).lower()[:60]


def _bigrams(text):
    return {text[i:i + 2] for i in range(len(text) - 1)} | ({text[0]} if text else set())


def keys_of(kind, value):
    """The keys one value gives."""
    text = _plain(value)
    if not text:
        return set()
    if kind == "phone":
        digits = re.sub(r"\D", "", text)
        return {digits, digits[-4:]} if len(digits) >= 4 else {digits} - {""}
    if kind == "code":
        return {text, text[-4:]}
    keys = _bigrams(text[:30])
    if kind == "name":
        for syllables in ways(text[:12]):
            keys |= {"".join(syllables)[:40], "".join(s[0] for s in syllables if s)[:20]}
    return keys


MORE = {}  # model -> functions of other rooms that add keys to its rows


def also(model, fn):
    """Let another room add keys to the rows of `model`: `fn(obj)` gives them."""
    MORE.setdefault(model, []).append(fn)
    return fn


def keys_for(obj):
    """All keys of a row by its model's `search`, and what other rooms add; `search_related` is what all of them read, fetched once."""
    related = obj.search_related
    forget_related(obj, related)
    prefetch_related_objects([obj], *related)
    try:
        return _keys_for(obj)
    finally:
        forget_related(obj, related)


def keys_for_all(objs, at_once=1000):
    """(row, its keys) of many rows, what they read fetched for many at once."""
    for at in range(0, len(objs), at_once):
        kinds = {}
        for obj in objs[at:at + at_once]:
            kinds.setdefault(type(obj), []).append(obj)
        for model, rows in kinds.items():
            for obj in rows:
                forget_related(obj, model.search_related)
            prefetch_related_objects(rows, *model.search_related)
            for obj in rows:
                yield obj, _keys_for(obj)
                forget_related(obj, model.search_related)


def forget_related(obj, names):
    """What was fetched ahead may have changed since."""
    for name in names:
        getattr(obj, "_prefetched_objects_cache", {}).pop(name, None)


def _keys_for(obj):
    found = {k for fn in MORE.get(type(obj), ()) for k in fn(obj)}
    for name, kind in obj.search.items():
        value = obj
        for part in name.split("__"):
            value = getattr(value, part, None)
        for item in value if isinstance(value, (list, tuple)) else [value]:
            found |= keys_of(kind, item)
    if hasattr(obj, "extra_search_keys"):
        found |= set(obj.extra_search_keys())
    return found


def kind_of(model):
    return model._meta.label_lower.replace(".", "_")[:24]


def index(obj, created=False):
    """Bring the keys of a row up to date; within an action at its end, when all that belongs to it is there."""
    if getattr(obj, "search", None) and obj.pk is not None:
        deferred.write(_index, (obj, created))


def hold(keys):
    """Whoever enters something under one of these keys at the same moment waits here until this transaction ends, and then sees it."""
    if keys:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(hashtextextended(k, %s)) from (select unnest(%s::text[]) k order by 1) o",
                           [context.tenant_id(), sorted(keys)])


def forget(obj):
    """A row is gone: so are its keys."""
    if getattr(obj, "search", None):
        with connection.cursor() as cursor:
            cursor.execute("delete from kernel_searchkey where tenant_id = %s and kind = %s and object_id = %s",
                           [context.tenant_id(), kind_of(type(obj)), obj.pk])


ADD = "insert into kernel_searchkey (tenant_id, kind, key, object_id) select %s, * from unnest(%s::text[], %s::text[], %s::bigint[])"


def add_keys(objs, at_once=20_000):
    """The keys of many new rows, in few statements."""
    rows = []
    with connection.cursor() as cursor:
        for obj, keys in keys_for_all(objs):
            rows += [(kind_of(type(obj)), key, obj.pk) for key in keys]
            if len(rows) >= at_once:
                cursor.execute(ADD, [context.tenant_id(), *map(list, zip(*rows, strict=True))])
                rows = []
        if rows:
            cursor.execute(ADD, [context.tenant_id(), *map(list, zip(*rows, strict=True))])


def _index(items):
    """The keys of new rows as one insert; those of old ones are compared, a statement each."""
    fresh, old = {}, {}
    for obj, created in items:
        where = (kind_of(type(obj)), obj.pk)
        if created and not vars(obj).get("keys_written") or where in fresh:
            fresh[where] = obj
            obj.keys_written = True
        else:
            old[where] = obj
    rows = [(kind, key, pk) for (kind, pk), obj in fresh.items() for key in sorted(keys_for(obj))]
    with connection.cursor() as cursor:
        for (kind, pk), obj in old.items():
            if (kind, pk) not in fresh:
                _renew(cursor, kind, pk, sorted(keys_for(obj)))
    return [(ADD, [context.tenant_id(), *map(list, zip(*rows, strict=True))])] if rows else []


def _renew(cursor, kind, pk, wanted):
    cursor.execute(
        "with gone as (delete from kernel_searchkey where tenant_id = %(t)s and object_id = %(o)s and kind = %(k)s and key <> all(%(w)s))"
        " insert into kernel_searchkey (tenant_id, kind, key, object_id) select %(t)s, %(k)s, w, %(o)s from unnest(%(w)s::text[]) w"
        " where not exists (select from kernel_searchkey where tenant_id = %(t)s and object_id = %(o)s and kind = %(k)s and key = w)",
        {"t": context.tenant_id(), "k": kind, "o": pk, "w": wanted})


@cache
def followers(model):
    """{field of `model`: [(other model, path from it)]}: whose keys this field feeds."""
    out = {}
    for other in apps.get_models():
        for name in getattr(other, "search", ()):
            *path, last = name.split("__")
            target = other
            for part in path:
                target = target._meta.get_field(part).related_model
            if path and target is model:
                out.setdefault(last, []).append((other, "__".join(path)))
    return out


def mark(obj):
    """The fields of a row that feed keys, its own or others', as they are now."""
    model = type(obj)
    names = {name.split("__")[0] for name in model.search} | set(followers(model))
    return {name: getattr(obj, getattr(model._meta.get_field(name), "attname", name)) for name in names}


MANY = 500


def renew(obj, before):
    """After a change: the keys of the row, and of at most MANY rows each that are found by its fields."""
    now, model = mark(obj), type(obj)
    changed = {name for name, value in now.items() if value != before.get(name)}
    always = hasattr(obj, "extra_search_keys") or model in MORE
    if always or changed & {name.split("__")[0] for name in model.search}:
        index(obj)
    for name in changed & set(followers(model)):
        for other, path in followers(model)[name]:
            for row in other.objects.filter(**{path: obj.pk}).order_by("-pk")[:MANY]:
                index(row)


def terms(query):
    """The keys that a typed word must have, most selective first."""
    text = _plain(query)
    if text.isascii() or len(text) == 1:
        return [text] if text else []
    return sorted(_bigrams(text) - {text[0]})[:4]


NUMBER = re.compile(r"[+\d\s().-]+")
ALONE = re.compile(r"(?:0086|86)?(1\d{10}|0\d{9,11})")


def asked(query):
    """The keys of each word that was typed; a telephone number in groups or with the country's code is one word, signs are none."""
    text = fold(str(query or ""))
    number = ALONE.fullmatch(re.sub(r"\D", "", text)) if NUMBER.fullmatch(text) else None
    if number:
        return [[number[1]]]
    return [keys for word in text.split()[:4] if (keys := terms(word))]


FEW = 5000  # ids that are fetched and looked up; a commoner word is compared row by row, and meets enough of them soon


def match(queryset, query):
    """Rows of `queryset` that bear the words typed; every word must match."""
    kind, words = kind_of(queryset.model), asked(query)
    if not words:
        return queryset.none() if str(query or "").strip() else queryset
    wanted = [(key, key + "\x7f" if key.isascii() and not key.isdigit() else "") for keys in words for key in keys]
    rare = None
    for (key, end), ids in zip(wanted, _ids(kind, wanted), strict=True):
        if len(ids) <= FEW:
            rare = set(ids) if rare is None else rare & set(ids)
        else:
            from .models import SearchKey
            rows = SearchKey.objects.filter(kind=kind)
            rows = rows.filter(key__gte=key, key__lt=end) if end else rows.filter(key=key)
            queryset = queryset.filter(pk__in=rows.values("object_id"))
    return queryset if rare is None else queryset.filter(pk__any=sorted(rare)) if rare else queryset.none()


def _ids(kind, wanted):
    """For each (key, end of its range or "") the ids that bear it, at most one more than FEW; one statement."""
    if not wanted:
        return []
    deferred.flush()
    parts, values = [], []
    for key, end in wanted:
        parts.append("array(select object_id from kernel_searchkey where tenant_id = %s and kind = %s and"
                     f" {'key >= %s and key < %s' if end else 'key = %s'} limit %s)")
        values += [context.tenant_id(), kind, key, *([end] if end else []), FEW + 1]
    with connection.cursor() as cursor:
        cursor.execute(f"select {', '.join(parts)}", values)
        return cursor.fetchone()


def choices(rows, text, most=20):
    """The first of `rows` that bear the words typed; where no key has them, the newest that read so."""
    found = list((match(rows, text) if text else rows)[:most])
    if found or not text:
        return found
    words = text.lower().split()
    return [o for o in rows[:500] if all(word in o.as_choice().lower() for word in words)][:most]
