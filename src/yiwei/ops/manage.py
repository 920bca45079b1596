"""Django commands, with the database running and the right role."""

import os
import signal
import subprocess
import sys

from yiwei.ops import database, messages, paths, schema

OWNERS_COMMANDS = {"migrate", "makemigrations", "showmigrations", "squashmigrations", "flush", "dbshell"}
WITHOUT_DATABASE = {"makemessages", "compilemessages", "collectstatic", "startapp", "help", "version", "--help"}


def command(*arguments):
    """The command line that runs a Django command in this Python."""
    return [sys.executable, "-m", "django", *arguments]


def django(*arguments, owner=None, **options):
    """Run a Django command as a child; migrations and the like sign in as the owner."""
    if owner is None:
        owner = arguments[0] in OWNERS_COMMANDS
    role = {"YIWEI_DB_ROLE": "owner"} if owner else {}
    return subprocess.run(command(*arguments), env={**os.environ, **role}, cwd=paths.ROOT, **options)


def exists(name):
    """Is there a Django command of this name?"""
    return any(paths.PACKAGE.glob(f"*/management/commands/{name}.py"))


def main(arguments):
    """./yiwei manage: a running server is used, else one is started for the command."""
    if not arguments:
        arguments = ["help"]
    if arguments[0] in WITHOUT_DATABASE:
        return django(*arguments).returncode
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    messages.compile_all()
    with database.running():
        database.ensure_roles()
        if arguments[0] not in OWNERS_COMMANDS and not schema.bring_up_to_date():
            return 1
        try:
            return django(*arguments).returncode
        except KeyboardInterrupt:
            return 130
