"""No code word, name of a class or untranslated text stands on any list or page of a row, whoever reads it."""

import re
from html.parser import HTMLParser

import pytest
from django.utils.translation import override

from yiwei.kernel.base import registry
from yiwei.kernel.records.tenancy import context

from .world import body_of

CODE = re.compile(r"\b[a-z]+\.[a-z_]+\.[a-z_]+\b|\bobject \(\d*|<[A-Z]\w+[:>]")
SPOKEN = {"title", "aria-label", "placeholder", "alt", "data-label"}
TYPED = re.compile(r"Qx(here|there)|Zq7Hidden|https?://|@")  # what the world's own rows hold


class Words(HTMLParser):
    """What a page says: its texts and those of the attributes that are read or shown."""

    def __init__(self, html):
        super().__init__()
        self.texts, self.silent = [], 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.silent += tag in ("script", "style")
        self.texts += [value for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag):
        self.silent -= tag in ("script", "style")

    def handle_data(self, data):
        if data.strip() and not self.silent:
            self.texts.append(data.strip())


def typed(world):
    """What people typed into the rows of the world: names, codes."""
    found = {"English"}
    for model in {r.model for r in registry.registers.values()}:
        for field in model._meta.local_concrete_fields:
            if field.name in ("code", "name") or field.name == "number":
                found |= set(model.objects.values_list(field.name, flat=True)[:500])
    return found


def catalogue():
    """{English: Chinese} of every message that is not the same in both."""
    from django.utils.translation import trans_real
    known = trans_real.translation("zh-hans")._catalog
    return {k: v for one in known._catalogs for k, v in one.items() if isinstance(k, str) and k and v != k and re.search(r"[A-Za-z]{3}", k)}


def wrong_words(html, english, data):
    """The code words and untranslated texts of a page."""
    for text in Words(html).texts:
        if text in data or TYPED.search(text):
            continue
        if CODE.search(text) or text in english or text[:1].lower() + text[1:] in english:
            yield text[:80]


def addresses(register, actor):
    yield register.url()
    if register.board:
        yield register.url("board")
    for pk in register.rows(actor).order_by("-id").values_list("pk", flat=True)[:6]:
        page = register.url("detail", pk)
        yield from [f"{page}?tab={t.key}" for t in register.tabs] or [page]


@pytest.mark.parametrize("who", ["general_manager", "guide"])
def test_no_code_word_reaches_a_page(world, who):
    client, actor, found, data = world.client(who), world.one.actor(who), {}, set()
    client.cookies["yiwei_language"] = "zh-hans"
    with override("zh-hans"):
        english = catalogue()
    assert len(english) > 1500
    for register in registry.registers.values():
        if not register.allowed(actor):
            continue
        with context.entered(world.one.id, actor.id):
            pages, data = list(addresses(register, actor)), data or typed(world)
        for page in pages:
            for text in wrong_words(body_of(client.get(page)), english, data):
                found.setdefault(text, page)
    assert not found, "\n".join(f"{text} {page}" for text, page in found.items())
