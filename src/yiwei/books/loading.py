"""Load a whole dealer from a folder of workbooks, and what came back of them before."""

import re
from dataclasses import dataclass
from pathlib import Path

from yiwei.kernel.base import directory, registry
from yiwei.kernel.base.errors import ActionError
from yiwei.kernel.records.tenancy import context
from yiwei.kernel.screens.exchange.book import Outcome, load_book, save_refused
from yiwei.org.models.employee import Employee

SUFFIXES = (".xlsx", ".xls", ".xlsm", ".csv")
FOLDER_ORDER = ("员工", "产品价目", "展厅客户登记", "渠道报备", "商场统一收银", "期初库存")
RETURNED = "退回"


@dataclass
class Loaded:
    """What became of one file. `problem` where it could not be read at all; `returned` is the file of refused rows."""

    book: str
    path: Path
    outcome: Outcome | None = None
    problem: str = ""
    returned: Path | None = None

    def __iter__(self):
        """(book, outcome or None, file of refused rows or problem), as short reports want it."""
        return iter((self.book, self.outcome, self.returned if self.outcome else self.problem))


def administrator(tenant_id):
    """Who loads the books: the dealer's administrator."""
    with context.entered(tenant_id):
        member = Employee.objects.filter(position__code="tenant_admin", state="active").order_by("id").first()
        return directory.load(member.pk)


def found_in(folder):
    """[(book name, path)] of the workbooks in a folder, in the order in which they build on each other: 展厅客户登记.xlsx, and
    展厅客户登记-3月.csv beside it."""
    out = []
    for name in sorted(FOLDER_ORDER, key=lambda n: registry.books[n].order):
        out += [(name, p) for p in _workbooks(folder) if _is_of(name, p.stem) and not is_returned(p)]
    return out


def _workbooks(folder):
    return [p for p in sorted(Path(folder).iterdir()) if p.suffix.lower() in SUFFIXES and not p.name.startswith(("~", "."))]


def _is_of(name, stem):
    return bool(re.match(rf"^{re.escape(name)}(?:$|[^\u4e00-\u9fff]|{RETURNED})", stem))


def is_returned(path):
    return path.stem.endswith(RETURNED)


def others_in(folder):
    """Files of a folder that look like workbooks and are none of the house's."""
    known = {path for _name, path in found_in(folder)}
    return [p for p in _workbooks(folder) if p not in known and not is_returned(p)]


def load_folder(tenant_id, folder, *, refused_to=None, progress=None, preview=False, update=False, hidden=False):
    """Load every known workbook, or only try it (`preview`); yields `Loaded`.

    What came back of a book before and lies there still, mended or not, is loaded first; rows that it holds are not taken from the
    book itself again. It is replaced by the rows that are still refused only after it has been read.
    """
    how = {"progress": progress, "preview": preview, "update": update, "hidden": hidden}
    for name, path in found_in(folder):
        target = Path(refused_to or folder) / f"{path.stem}-{RETURNED}.xlsx"
        back = _load(tenant_id, name, target, **how) if target.exists() and refused_to is not False else None
        if back is not None:
            yield back
        one = _load(tenant_id, name, path, skip=back.outcome.taken if back and back.outcome else (), **how)
        if one.outcome is not None and not preview and refused_to is not False and (back is None or back.outcome is not None):
            one.returned = _give_back(one.outcome, back.outcome if back else None, target)
        yield one


def _load(tenant_id, name, path, *, progress, skip=(), **how):
    actor = administrator(tenant_id)
    book = registry.books[name](actor)
    try:
        outcome = load_book(actor, book, path, skip=skip, progress=(lambda o: progress(path.stem, o)) if progress else None, **how)
    except ActionError as error:
        return Loaded(name, path, problem="；".join(str(t) for ts in error.errors.values() for t in ts) or str(error.message))
    return Loaded(name, path, outcome)


def _give_back(outcome, before, target):
    """Write what is still refused of the book and of what had come back of it; where nothing is, the file goes."""
    held = {r.spot for r in before.refused} if before else set()
    refused = [*(r for r in (before.refused if before else ()) if r.spot not in outcome.taken), *(r for r in outcome.refused if r.spot not in held)]
    if refused:
        return save_refused(target, refused)
    target.unlink(missing_ok=True)   # every row of it has been taken
    return None
