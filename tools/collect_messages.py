#!/usr/bin/env python3
"""Bring a room's message catalogues up to date: `tools/collect_messages.py kernel` (no gettext needed).

Reads the room's Python (`_`, `__`, gettext and their kin) and templates (translate, blocktranslate); keeps what is
translated, drops what is gone, makes the traditional characters from the simplified ones where nobody wrote any,
and says how many messages still wait for a translation.
"""

import ast
import re
import sys
from pathlib import Path

import opencc
import polib

SOURCE = Path(__file__).resolve().parent.parent / "src" / "yiwei"
CALLS = {"_", "BadValue", "Message", "__", "gettext", "gettext_lazy", "gettext_noop"}
SINGLE = re.compile(r"""\{%-?\s*trans(?:late)?\s+(?:"([^"]*)"|'([^']*)')""")
BLOCK = re.compile(r"\{%\s*blocktrans(?:late)?\b[^%]*%\}(.*?)\{%\s*endblocktrans(?:late)?\s*%\}", re.S)
VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def in_python(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
        if name in CALLS and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
            yield node.args[0].value


def in_template(path):
    text = path.read_text(encoding="utf-8")
    yield from (double or single for double, single in SINGLE.findall(text))
    for body in BLOCK.findall(text):
        yield VARIABLE.sub(r"%(\1)s", body.replace("%", "%%") if VARIABLE.search(body) else body)


def collect(room):
    """All messages of a room, in the order of its files."""
    found = {}
    for pattern, read in (("*.html", in_template), ("*.py", in_python)):
        for path in sorted((SOURCE / room).rglob(pattern)):
            if not {"migrations", "tests"} & set(path.relative_to(SOURCE).parts):
                found.update(dict.fromkeys(m for m in read(path) if m))
    return list(found)


def path_of(room, language):
    return SOURCE / room / "locale" / language / "LC_MESSAGES" / "django.po"


def catalogue(room, language):
    path = path_of(room, language)
    return {e.msgid: e.msgstr for e in polib.pofile(str(path))} if path.exists() else {}


def update(room, language):
    """Write the catalogue of one language; the number of messages without a translation."""
    path, before = path_of(room, language), catalogue(room, language)
    book = polib.POFile(wrapwidth=110)
    book.metadata = {"Language": language, "MIME-Version": "1.0", "Content-Type": "text/plain; charset=UTF-8",
                     "Content-Transfer-Encoding": "8bit", "Plural-Forms": "nplurals=1; plural=0;"}
    convert = opencc.OpenCC("s2tw").convert if language == "zh_Hant" else None
    simplified = catalogue(room, "zh_Hans") if convert else {}
    for message in collect(room):
        flags = ["python-format"] if "%(" in message else []
        text = before.get(message) or (convert(simplified.get(message, "")) if convert else "")
        book.append(polib.POEntry(msgid=message, msgstr=text, flags=flags))
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(str(path))
    return sum(1 for e in book if not e.msgstr)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        for code in ("zh_Hans", "zh_Hant"):
            print(f"{name} {code}: {update(name, code)} to translate")
