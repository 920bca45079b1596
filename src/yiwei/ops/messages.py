"""Message catalogues, compiled when they have changed."""

import os

import polib

from yiwei.ops import paths


def compile_all():
    """Compile the .po files whose .mo is missing or older; needs no gettext on the machine."""
    for source in paths.PACKAGE.rglob("locale/*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            part = target.with_suffix(f".{os.getpid()}.part")
            polib.pofile(str(source)).save_as_mofile(str(part))
            part.replace(target)
