"""Static files, collected when they have changed."""

from yiwei.ops import manage, paths


def collect():
    """Collect static files when one has changed; True when collected."""
    files = [path for path in paths.PACKAGE.glob("**/static/**/*") if path.is_file()]
    wanted = paths.digest([*files, paths.ROOT / "requirements.txt"])
    stamp = paths.var("stamps", "static")
    manifest = paths.ROOT / "static_root" / "staticfiles.json"
    if stamp.exists() and stamp.read_text() == wanted and manifest.exists():
        return False
    manage.django("collectstatic", "--no-input", "--clear", "--verbosity=0", check=True)
    stamp.write_text(wanted)
    return True
