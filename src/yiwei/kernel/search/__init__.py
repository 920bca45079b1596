"""Find rows by plain keys: bigrams, last four digits, full phones, pinyin and initials, numbers.

A model says which fields feed it: `search = {"name": "name", "phone": "phone", "number": "code"}`.
Kinds: name (bigrams, pinyin, initials), text (bigrams), phone (full, last four), code (prefixes).
"""

import re

from django.db import connection

from ..tenancy import context

WORD = re.compile(r"[^\w\u3400-\u9fff]+")


def _plain(value):
    return WORD.sub("", str(value or "")).lower()[:60]


def _bigrams(text):
    return {text[i:i + 2] for i in range(len(text) - 1)} | ({text[0]} if text else set())


def _pinyin(text):
    from pypinyin import Style, lazy_pinyin
    syllables = lazy_pinyin(text, style=Style.NORMAL, errors=lambda x: list(x))
    return "".join(syllables)[:40], "".join(s[0] for s in syllables if s)[:20]


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
        full, initials = _pinyin(text[:12])
        keys |= {full, initials}
    return keys


MORE = {}  # model -> functions of other rooms that add keys to its rows


def also(model, fn):
    """Let another room add keys to the rows of `model`: `fn(obj)` gives them."""
    MORE.setdefault(model, []).append(fn)
    return fn


def keys_for(obj):
    """All keys of a row by its model's `search`, and what other rooms add."""
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
    """Bring the keys of a row up to date."""
    if not getattr(obj, "search", None) or obj.pk is None:
        return
    wanted, kind = sorted(keys_for(obj)), kind_of(type(obj))
    tenant = context.tenant_id()
    with connection.cursor() as cursor:
        if not created:
            cursor.execute("select key from kernel_searchkey where tenant_id = %s and object_id = %s and kind = %s",
                           [tenant, obj.pk, kind])
            there = {r[0] for r in cursor.fetchall()}
            gone = there - set(wanted)
            if gone:
                cursor.execute("delete from kernel_searchkey where tenant_id = %s and object_id = %s and kind = %s"
                               " and key = any(%s)", [tenant, obj.pk, kind, list(gone)])
            wanted = [k for k in wanted if k not in there]
        if wanted:
            cursor.execute("insert into kernel_searchkey (tenant_id, kind, key, object_id)"
                           " select %s, %s, unnest(%s::text[]), %s", [tenant, kind, wanted, obj.pk])


def terms(query):
    """The keys that a typed word must have, most selective first, and the plain text to re-check."""
    text = _plain(query)
    if not text:
        return [], ""
    if text.isdigit():
        return [text[-4:] if len(text) in (4,) else text], text
    if text.isascii():
        return [text], text
    if len(text) == 1:
        return [text], text
    return sorted(_bigrams(text) - {text[0]})[:4], text


def match(queryset, query):
    """Rows of `queryset` that bear the words typed; every word must match."""
    from .models import SearchKey
    kind = kind_of(queryset.model)
    for word in str(query or "").split()[:4]:
        keys, text = terms(word)
        for key in keys:
            rows = SearchKey.objects.filter(kind=kind)
            if text.isascii() and not text.isdigit():
                rows = rows.filter(key__gte=key, key__lt=key + "\x7f")
            else:
                rows = rows.filter(key=key)
            queryset = queryset.filter(pk__in=rows.values("object_id"))
    return queryset


def choices(rows, text, most=20):
    """The first of `rows` that bear the words typed; where no key has them, the newest that read so."""
    found = list((match(rows, text) if text else rows)[:most])
    if found or not text:
        return found
    words = text.lower().split()
    return [o for o in rows[:500] if all(word in o.as_choice().lower() for word in words)][:most]
