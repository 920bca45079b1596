"""Where things lie: the repository, and `var/` for everything that is made at run time."""

import fcntl
import hashlib
import os
import secrets
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SRC = ROOT / "src"
PACKAGE = SRC / "yiwei"


def var(*parts):
    """A path under `var/` (moved by YIWEI_VAR); its parent directories are made."""
    path = Path(os.environ.get("YIWEI_VAR") or ROOT / "var").resolve().joinpath(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def directory(*parts, mode=0o755):
    """A directory under `var/`, made when missing."""
    path = var(*parts)
    path.mkdir(mode=mode, parents=True, exist_ok=True)
    return path


def secret(name, length=32):
    """A password or key kept in `var/secrets` (0600), made at first use."""
    path = directory("secrets", mode=0o700) / name
    with locked("secrets"):
        if not path.exists():
            part = path.with_suffix(".part")
            part.touch(mode=0o600)
            part.write_text(secrets.token_urlsafe(length))
            part.replace(path)
    return path.read_text().strip()


@contextmanager
def locked(name, *, wait=True):
    """Hold `var/run/<name>.lock` for this process; yields False when it is taken and wait=False."""
    with open(var("run", f"{name}.lock"), "a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True


def digest(files):
    """One hash over the names and contents of the files."""
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(str(path.relative_to(ROOT)).encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _holds_tables(path):
    """Does this file of the kernel declare tables, whatever it is called?"""
    return "kernel" in path.parts and "(TenantModel)" in path.read_text(encoding="utf-8")


def schema_files():
    """The files that decide what the database looks like: migrations, models and the kernel's guards."""
    for path in PACKAGE.rglob("*"):
        name = path.relative_to(PACKAGE).as_posix()
        if path.suffix not in (".py", ".sql") or "/tests/" in name:
            continue
        parts = name.split("/")
        if path.suffix == ".sql" or "migrations" in parts or "models" in parts or parts[-1] == "models.py":
            yield path
        elif name.startswith("kernel/records/tenancy/") or parts[-1] == "apps.py" or _holds_tables(path):
            yield path
    yield ROOT / "requirements.txt"
