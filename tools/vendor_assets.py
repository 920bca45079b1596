#!/usr/bin/env python3
"""Renew the third-party files in static/kernel/vendor and kernel/paper/fonts from their npm packs.

    tools/vendor_assets.py            the files of the pages; needs npm
    tools/vendor_assets.py --icons    only the sprite of icons, after a screen has named a new one
    tools/vendor_assets.py --fonts    only the fonts of what is printed; needs fontTools too (pip install fonttools)

MANIFEST.json beside the files says what they are: name, version, licence and sha256 by file.
"""

import argparse
import ast
import hashlib
import io
import json
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "yiwei"
VENDOR = SOURCE / "kernel" / "static" / "kernel" / "vendor"
FONTS = SOURCE / "kernel" / "paper" / "fonts"
ICONS = "@tabler/icons"

PACKS = {
    "@tabler/core": ("1.6.1", "MIT", {"dist/css/tabler.min.css": "tabler.min.css"}),
    "htmx.org": ("4.0.1", "0BSD", {"dist/htmx.min.js": "htmx.min.js"}),
    "tom-select": ("2.6.2", "Apache-2.0", {"dist/js/tom-select.popular.min.js": "tom-select.min.js",
                                           "dist/css/tom-select.bootstrap5.min.css": "tom-select.min.css"}),
    "echarts": ("6.1.0", "Apache-2.0", {"dist/echarts.min.js": "echarts.min.js"}),
    ICONS: ("3.48.0", "MIT", {}),
}
FONT_PACKS = {
    "@expo-google-fonts/noto-sans-sc": ("0.4.3", "OFL-1.1", {"400Regular/NotoSansSC_400Regular.ttf": "NotoSansSC-Regular.ttf",
                                                             "700Bold/NotoSansSC_700Bold.ttf": "NotoSansSC-Bold.ttf"}),
}
SIGNS = "–—‘’“”…•‰′″€™①②③④⑤⑥⑦⑧⑨⑩⑪⑫㎡㎜㎝㎏㎥√×÷≥≤±→←↑↓■□▲△●○★☆✓✔折樘￥¥"
MAP_NOTE = re.compile(rb"\s*(/\*#\s*sourceMappingURL=.*?\*/|//#\s*sourceMappingURL=\S*)\s*")
IN_TEMPLATE = re.compile(r"""\{%\s*icon\s+["']([a-z0-9-]+)["']""")
RENAMED = {"discount-check": "rosette-discount-check"}
ALWAYS = ("point", "player-play", "table", "message", "list", "file", "dots")


def unpack(name, version, folder):
    """Fetch one pack with npm and unpack it; its folder."""
    made = subprocess.run(["npm", "pack", "--silent", f"{name}@{version}"], cwd=folder, check=True,
                          capture_output=True, text=True).stdout.split()[-1]
    target = folder / made.removesuffix(".tgz")
    with tarfile.open(folder / made) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def names_in_python(path):
    """Icon names of a module: `icon=…`, `{"icon": …}`, `icon = …` (in tuples too) and the rows of MODULES and ICONS."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.keyword) and node.arg == "icon":
            yield from texts(node.value)
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "icon":
                    yield from texts(value)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                yield from assigned(target, node.value)


def assigned(target, value):
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, its in zip(target.elts, value.elts, strict=False):
            yield from assigned(one, its)
    elif isinstance(target, ast.Name) and target.id == "icon" and not isinstance(value, ast.Call):
        yield from texts(value)
    elif isinstance(target, ast.Name) and target.id == "ICONS" and isinstance(value, ast.List):
        for row in value.elts:
            yield from texts(row.elts[0])
    elif isinstance(target, ast.Name) and target.id == "MODULES" and isinstance(value, ast.List):
        for row in value.elts:
            yield from texts(row.elts[2])


def texts(node):
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield inner.value


def wanted_icons(folders):
    """Every icon that a screen, an action or a template names."""
    found = set(ALWAYS)
    for folder in folders:
        for path in folder.rglob("*.py"):
            found.update(names_in_python(path))
        for path in folder.rglob("*.html"):
            found.update(IN_TEMPLATE.findall(path.read_text(encoding="utf-8")))
    return sorted(found)


def sprite(pack, names):
    """One SVG with a symbol for each icon; says which names do not exist."""
    symbols, unknown = [], []
    for name in names:
        path = pack / "icons" / "outline" / f"{RENAMED.get(name, name)}.svg"
        if not path.exists():
            unknown.append(name)
            continue
        inner = re.search(r"<svg[^>]*>(.*)</svg>", path.read_text(encoding="utf-8"), re.S).group(1)
        inner = re.sub(r'\s*<path stroke="none"[^>]*/>', "", inner)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{" ".join(inner.split())}</symbol>')
    if unknown:
        print("No such icons:", ", ".join(unknown))
    return ('<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>\n").encode()


def characters():
    """What the fonts of paper hold: GB 2312, the common part of Big5, Latin with accents, signs of the trade."""
    rows = [("gb2312", range(0xA1, 0xF8), range(0xA1, 0xFF)), ("big5", range(0xA4, 0xC7), [*range(0x40, 0x7F), *range(0xA1, 0xFF)])]
    found = {bytes((high, low)).decode(code, "ignore") for code, highs, lows in rows for high in highs for low in lows}
    return "".join(sorted({*(c for c in found if len(c) == 1), *map(chr, range(0x20, 0x250)), *SIGNS}))


def subset(path):
    """The bytes of a font cut down to `characters()`."""
    from fontTools import subset as cut

    options = cut.Options()
    options.layout_features, options.hinting, options.name_IDs = ["kern", "tnum", "palt", "locl", "vert"], False, ["*"]
    font = cut.load_font(str(path), options)
    tool = cut.Subsetter(options)
    tool.populate(text=characters())
    tool.subset(font)
    body = io.BytesIO()
    cut.save_font(font, body, options)
    return body.getvalue()


def body_of(path):
    return subset(path) if path.suffix == ".ttf" else MAP_NOTE.sub(b"", path.read_bytes()) + b"\n"


def renew(folder, packs, also=()):
    """Fetch the packs, write their files into the folder, and note in its manifest what they are."""
    folder.mkdir(parents=True, exist_ok=True)
    manifest_path = folder / "MANIFEST.json"
    manifest = json.loads(manifest_path.read_text()) if manifest_path.exists() else {}
    with tempfile.TemporaryDirectory() as scratch:
        for name, (version, licence, files) in packs.items():
            pack = unpack(name, version, Path(scratch))
            bodies = {to: body_of(pack / path) for path, to in files.items()}
            if name == ICONS:
                bodies["icons.svg"] = sprite(pack, wanted_icons([SOURCE, *also]))
            for to, body in bodies.items():
                (folder / to).write_bytes(body)
            manifest[name] = {"version": version, "licence": licence,
                              "files": {to: hashlib.sha256(body).hexdigest() for to, body in bodies.items()}}
            for text in sorted(pack.glob("LICENSE_FONT")) or sorted(pack.glob("LICENSE*")):
                (folder / f"LICENSE-{name.strip('@').replace('/', '-')}.txt").write_bytes(text.read_bytes())
    manifest_path.write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n")
    print(f"{sum(p.stat().st_size for p in folder.iterdir()) / 1e6:.2f} MB in {folder.relative_to(ROOT)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--icons", action="store_true")
    parser.add_argument("--fonts", action="store_true")
    parser.add_argument("--also", type=Path, action="append", default=[], help="further source folders that name icons")
    chosen = parser.parse_args()
    if chosen.fonts:
        renew(FONTS, FONT_PACKS)
    else:
        renew(VENDOR, {ICONS: PACKS[ICONS]} if chosen.icons else PACKS, chosen.also)


if __name__ == "__main__":
    main()
