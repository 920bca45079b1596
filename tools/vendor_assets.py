#!/usr/bin/env python3
"""Renew the third-party files in static/kernel/vendor from their npm packs.

    tools/vendor_assets.py            everything; needs npm
    tools/vendor_assets.py --icons    only the sprite of icons, after a screen has named a new one

MANIFEST.json beside the files says what they are: name, version, licence and sha256 by file.
"""

import argparse
import ast
import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "yiwei"
VENDOR = SOURCE / "kernel" / "static" / "kernel" / "vendor"
ICONS = "@tabler/icons"

PACKS = {
    "@tabler/core": ("1.6.1", "MIT", {"dist/css/tabler.min.css": "tabler.min.css"}),
    "htmx.org": ("4.0.1", "0BSD", {"dist/htmx.min.js": "htmx.min.js"}),
    "tom-select": ("2.6.2", "Apache-2.0", {"dist/js/tom-select.popular.min.js": "tom-select.min.js",
                                           "dist/css/tom-select.bootstrap5.min.css": "tom-select.min.css"}),
    "echarts": ("6.1.0", "Apache-2.0", {"dist/echarts.min.js": "echarts.min.js"}),
    ICONS: ("3.48.0", "MIT", {}),
}
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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--icons", action="store_true")
    parser.add_argument("--also", type=Path, action="append", default=[], help="further source folders that name icons")
    chosen = parser.parse_args()
    VENDOR.mkdir(parents=True, exist_ok=True)
    manifest_path = VENDOR / "MANIFEST.json"
    manifest = json.loads(manifest_path.read_text()) if manifest_path.exists() else {}
    with tempfile.TemporaryDirectory() as scratch:
        for name, (version, licence, files) in PACKS.items():
            if chosen.icons and name != ICONS:
                continue
            pack = unpack(name, version, Path(scratch))
            bodies = {to: MAP_NOTE.sub(b"", (pack / path).read_bytes()) + b"\n" for path, to in files.items()}
            if name == ICONS:
                bodies["icons.svg"] = sprite(pack, wanted_icons([SOURCE, *chosen.also]))
            for to, body in bodies.items():
                (VENDOR / to).write_bytes(body)
            manifest[name] = {"version": version, "licence": licence,
                              "files": {to: hashlib.sha256(body).hexdigest() for to, body in bodies.items()}}
            for text in sorted(pack.glob("LICENSE*")):
                (VENDOR / f"LICENSE-{name.strip('@').replace('/', '-')}.txt").write_bytes(text.read_bytes())
    manifest_path.write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n")
    print(f"{sum(p.stat().st_size for p in VENDOR.iterdir()) / 1e6:.2f} MB in {VENDOR.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
