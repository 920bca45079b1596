"""Backup and restore: the database and the files in one archive that proves itself.

The archive is a tar of `manifest.json` (what, when, and a SHA-256 of every member),
`database.dump` (pg_dump's custom format) and `files/`. The keys in `var/secrets` are not in it:
after a restore elsewhere people sign in anew.
"""

import argparse
import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg import sql

from yiwei.ops import database, paths, schema, server

FORMAT = 1


class BackupError(SystemExit):
    """Says what is wrong with an archive, or why it cannot be restored."""


def main_backup(arguments):
    parser = argparse.ArgumentParser(prog="./yiwei backup", description="Database and files into one archive.")
    parser.add_argument("file", type=Path)
    target = parser.parse_args(arguments).file
    with database.running():
        database.ensure_roles()
        manifest = write(target)
    print(f"{target}: {target.stat().st_size / 2**20:.1f} MB, {len(manifest['members']) - 1} files and the database")
    return 0


def main_restore(arguments):
    parser = argparse.ArgumentParser(prog="./yiwei restore", description="Put an archive's state in place of this one.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--force", action="store_true", help="even while Yiwei is running")
    options = parser.parse_args(arguments)
    with paths.locked("up", wait=False) as free:
        if not free and not options.force:
            raise BackupError("Yiwei is running here: stop it first, or restore with --force.")
        with database.running():
            database.ensure_roles()
            manifest = read(options.file)
            if not schema.bring_up_to_date():
                return 1
    print(f"Restored the state of {manifest['made']}.")
    return 0


def write(target, *, name=None, files=None):
    """Write the archive of a database (by default ours) and a directory of files; its manifest."""
    name, files = name or database.database_name(), Path(files or paths.directory("files"))
    target = Path(target).absolute()
    part = target.with_name(target.name + ".part")
    with tempfile.TemporaryDirectory(dir=target.parent) as work:
        dump = Path(work) / "database.dump"
        _run("pg_dump", "--format=custom", f"--file={dump}", f"--dbname={database.owner_dsn(name)}")
        members = {"database.dump": dump}
        members |= {f"files/{path.relative_to(files).as_posix()}": path for path in _files(files)}
        manifest = {
            "format": FORMAT,
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "app_role": database.app_role(),
            "state": schema.read_state(name),
            "members": {},
        }
        part.touch(mode=0o600)
        with tarfile.open(part, "w") as archive:
            for member, path in members.items():
                manifest["members"][member] = _add(archive, member, path)
            text = json.dumps(manifest, indent=1).encode()
            entry = tarfile.TarInfo("manifest.json")
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text))
    part.replace(target)
    return manifest


def read(source, *, name=None, files=None):
    """Check the archive, restore it beside what is there, and only then put it in its place."""
    name, files = name or database.database_name(), Path(files or paths.var("files"))
    with tempfile.TemporaryDirectory(dir=paths.directory("restore")) as work:
        work = Path(work)
        manifest = unpack(Path(source), work)
        fresh = f"{name}_restored"
        database.drop_database(fresh)
        database.create_database(fresh)
        rights = [] if manifest["app_role"] == database.app_role() else ["--no-privileges"]
        try:
            _restore(work / "database.dump", database.owner_dsn(fresh), ["--no-owner", *rights])
        except BackupError:
            database.drop_database(fresh)
            raise
        schema.keep_state(manifest.get("state") or {}, fresh)
        (work / "files").mkdir(exist_ok=True)
        before = files.with_name(f"{files.name}.before")
        shutil.rmtree(before, ignore_errors=True)
        database.drop_database(name)
        with database.administration() as connection:
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            connection.execute(rename.format(sql.Identifier(fresh), sql.Identifier(name)))
        if files.exists():
            files.rename(before)
        shutil.move(work / "files", files)
        shutil.rmtree(before, ignore_errors=True)
    return manifest


def _restore(dump, dsn, options):
    """Restore a dump into an empty database."""
    with psycopg.connect(dsn) as connection:
        version = connection.info.server_version
    if version >= 170000:
        _run("pg_restore", *options, "--exit-on-error", "--jobs=2", f"--dbname={dsn}", str(dump))
        return
    # Newer programs begin with a setting that older servers do not know: restore by way of a script without it.
    script, unknown = dump.with_suffix(".sql"), b"\nSET transaction_timeout = 0;\n"
    _run("pg_restore", *options, f"--file={script}", str(dump))
    with script.open("r+b") as handle:
        head = handle.read(4096)
        handle.seek(0)
        handle.write(head.replace(unknown, b"\n".ljust(len(unknown) - 1) + b"\n", 1))
    _run("psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", f"--file={script}", f"--dbname={dsn}")


def unpack(source, work):
    """Unpack an archive and hold every member against the manifest."""
    try:
        with tarfile.open(source) as archive:
            for entry in archive:
                _extract(archive, entry, work)
        manifest = json.loads((work / "manifest.json").read_text())
    except (OSError, ValueError, tarfile.TarError) as error:
        raise BackupError(f"{source} is not a backup of Yiwei, or is damaged: {error}") from error
    if manifest["format"] != FORMAT:
        raise BackupError(f"{source} has format {manifest['format']}; this version reads {FORMAT}.")
    found = {path.relative_to(work).as_posix(): path for path in _files(work)}
    found.pop("manifest.json")
    if found.keys() != manifest["members"].keys():
        raise BackupError(f"{source} is damaged: its members are not those of its manifest.")
    for member, path in found.items():
        if _checksum(path) != manifest["members"][member]:
            raise BackupError(f"{source} is damaged: {member} has another checksum.")
    return manifest


def _extract(archive, entry, work):
    """Unpack one regular file, and only to a place below the working directory."""
    target = (work / entry.name).resolve()
    if not entry.isfile() or not target.is_relative_to(work.resolve()):
        raise tarfile.TarError(f"a member that does not belong there: {entry.name}")
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as handle:
        shutil.copyfileobj(archive.extractfile(entry), handle)


def _add(archive, member, path):
    """Add a file as it is now; the checksum of what was added, even if the file changes meanwhile."""
    content = _Hashing(path)
    with content:
        entry = archive.gettarinfo(arcname=member, fileobj=content.handle)
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        archive.addfile(entry, content)
    return content.hash.hexdigest()


class _Hashing:
    """A file being read, hashed on the way."""

    def __init__(self, path):
        self.handle, self.hash = open(path, "rb"), hashlib.sha256()

    def read(self, size=-1):
        block = self.handle.read(size)
        self.hash.update(block)
        return block

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.handle.close()


def _checksum(path):
    with open(path, "rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _files(directory):
    return sorted(path for path in directory.rglob("*") if path.is_file() and not path.is_symlink())


def _run(program, *arguments):
    """Run a PostgreSQL client program; connection strings with passwords do not show in the process list."""
    environment, command = dict(os.environ), []
    for argument in arguments:
        if argument.startswith("--dbname="):
            parts = database.conninfo_to_dict(argument.removeprefix("--dbname="))
            environment["PGPASSWORD"] = str(parts.pop("password", ""))
            argument = "--dbname=" + database.make_conninfo(**parts)
        command.append(argument)
    done = subprocess.run([server.programs() / program, *command], env=environment, capture_output=True, text=True)
    if done.returncode:
        raise BackupError(f"{program} failed:\n{done.stderr}")
