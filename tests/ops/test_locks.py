"""The locked requirements name packages and hashes, and nothing about where they come from."""

import re

import pytest

from yiwei.ops import paths


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_lock_names_only_packages_and_hashes(name):
    lines = (paths.ROOT / name).read_text().splitlines()
    package = re.compile(r"[a-z0-9-]+==[0-9a-z.]+( ; [\w ='\".><!()]+)? \\")
    strange = [line for line in lines if not package.fullmatch(line) and not re.match(r"    --hash=sha256:", line)]
    assert strange == []


def test_no_file_is_longer_than_400_lines():
    files = [*paths.SRC.rglob("*.py"), *(paths.ROOT / "tests").rglob("*.py"), paths.ROOT / "conftest.py"]
    assert [path for path in files if "migrations" not in path.parts and len(path.read_text().splitlines()) > 400] == []
