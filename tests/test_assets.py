"""The shell's files: icons that exist, vendored files unchanged, nothing inline that the browser must refuse."""

import hashlib
import json
import re

import pytest
from django.contrib.staticfiles import finders

from yiwei.kernel.base import registry
from yiwei.kernel.screens.shell.context import MODULES
from yiwei.kernel.signin.middleware import csp
from yiwei.kernel.templatetags.shell import icon_names
from yiwei.ops import paths

TEMPLATES = sorted(paths.PACKAGE.rglob("templates/**/*.html"))


def test_every_icon_is_in_the_sprite():
    named = {r.icon for r in registry.registers.values()} | {a.icon for a in registry.actions.values()} | {m[2] for m in MODULES}
    for path in TEMPLATES:
        named |= set(re.findall(r"""{%\s*icon ["']([a-z0-9-]+)["']""", path.read_text(encoding="utf-8")))
    missing = sorted(named - icon_names())
    assert not missing, f"run tools/vendor_assets.py --icons for {missing}"


@pytest.mark.parametrize("place, most", [("static/kernel/vendor", 3_000_000), ("paper/fonts", 6_300_000)])
def test_vendored_files_are_those_of_the_manifest(place, most):
    folder = paths.PACKAGE / "kernel" / place
    packs = json.loads((folder / "MANIFEST.json").read_text())
    listed = {name: digest for pack in packs.values() for name, digest in pack["files"].items()}
    there = {p.name for p in folder.iterdir() if p.suffix in (".js", ".css", ".svg", ".ttf")}
    assert there == set(listed) and all(pack["version"] and pack["licence"] for pack in packs.values())
    for name, digest in listed.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name
    assert sum(p.stat().st_size for p in folder.iterdir()) < most


def test_templates_hold_no_inline_script():
    assert "script-src 'self';" in csp() and "unsafe-" not in csp()
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), path
        assert not re.search(r"""<[a-z][^>]*\sstyle=["']""", text), path
        assert not re.search(r"""\s(?:on[a-z]+|hx-on[:\w-]*)=["']|javascript:""", text), path


SENDERS = sorted({*TEMPLATES, *paths.PACKAGE.rglob("web/*.py"), *paths.PACKAGE.rglob("screens/**/*.py")})
HX = re.compile(r"""\bhx-([a-z:-]+)=("[^"]*"|'[^']*')""")
SENT = {"get", "post", "target", "swap", "trigger", "push-url", "sync", "validate", "headers:inherited"}
EVENT = re.compile(r"""(every \d+m?s|[a-z:]+)( (once|changed|delay:\d+ms|throttle:\d+ms|from:('[^']+'|"[^"]+")))*""")
SWAP = re.compile(r"(innerHTML|outerHTML|innerMorph|outerMorph|textContent|beforeend|none)( show:(top|none))?( swap:\d+ms)?")


def wrong_htmx(text):
    """What htmx 4 would misread or our policy refuse: unquoted `from:`, filters in brackets, unknown attributes and swaps."""
    for name, quoted in HX.findall(text):
        value = quoted[1:-1]
        if name not in SENT or name == "trigger" and not all(EVENT.fullmatch(part.strip()) for part in value.split(",")) \
                or name == "swap" and not SWAP.fullmatch(value):
            yield f"hx-{name}={quoted}"


def test_every_htmx_attribute_is_one_that_works():
    assert list(wrong_htmx("""<i hx-trigger="toggle from:closest details">""")) and list(wrong_htmx("""<i hx-trigger="click[ctrlKey]">"""))
    assert list(wrong_htmx("""<i hx-swap="innerHtml">""")) and list(wrong_htmx("""<i hx-on:click="x()">"""))
    assert {path.name: found for path in SENDERS if (found := list(wrong_htmx(path.read_text(encoding="utf-8"))))} == {}


def test_static_files_named_by_templates_exist():
    for path in TEMPLATES:
        for name in re.findall(r"{%\s*static ['\"]([^'\"]+)['\"]", path.read_text(encoding="utf-8")):
            assert finders.find(name), (path, name)


def test_no_class_is_laid_out_twice():
    """Two parts of the house that take the same name would bend each other."""
    folder, seen = paths.PACKAGE / "kernel" / "static" / "kernel" / "css", {}
    for path in sorted(folder.glob("*.css")):
        if path.name != "print.css":
            for name in re.findall(r"^\.([a-z-]+) \{", path.read_text(encoding="utf-8"), re.MULTILINE):
                seen.setdefault(name, []).append(path.name)
    assert {name: where for name, where in seen.items() if len(where) > 1} == {}
