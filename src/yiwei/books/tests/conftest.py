"""A dealer with one store and two people, and a folder for its books."""

import pytest

from yiwei.books.loading import load_folder
from yiwei.kernel.testing import make_dealer
from yiwei.org.models.outlet import Outlet

from .test_books import STAFF, write


@pytest.fixture
def dealer(db):
    made = make_dealer()
    with made.inside():
        made.store = Outlet.objects.create(code="S90", name="广州天河店")
    return made


@pytest.fixture
def folder(tmp_path, dealer):
    write(tmp_path, "员工", STAFF)
    list(load_folder(dealer.id, tmp_path))
    (tmp_path / "员工.xlsx").unlink()
    return tmp_path
