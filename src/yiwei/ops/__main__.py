"""The commands behind ./yiwei, inside the virtual environment."""

import sys

from yiwei.ops import manage


def main(arguments):
    command, rest = arguments[0], arguments[1:]
    if command == "manage":
        return manage.main(rest)
    if command == "bench":
        return manage.main(["bench", *rest])
    if command == "up":
        from yiwei.ops import up

        return up.main(rest)
    if command == "test":
        from yiwei.ops import checks

        return checks.main(rest)
    if command in ("backup", "restore"):
        from yiwei.ops import backup

        return getattr(backup, f"main_{command}")(rest)
    print(f"There is no ./yiwei {command}; see ./yiwei --help", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
