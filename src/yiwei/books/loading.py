"""Load a whole dealer from a folder of workbooks."""

from pathlib import Path

from yiwei.kernel.base import directory, registry
from yiwei.kernel.base.errors import ActionError
from yiwei.kernel.records.tenancy import context
from yiwei.kernel.screens.exchange.book import load_book, save_refused
from yiwei.org.models.employee import Employee

SUFFIXES = (".xlsx", ".xls", ".ods", ".xlsm")
FOLDER_ORDER = ("员工", "产品价目", "展厅客户登记", "渠道报备", "商场统一收银", "期初库存")


def administrator(tenant_id):
    """Who loads the books: the dealer's administrator."""
    with context.entered(tenant_id):
        member = Employee.objects.filter(position__code="tenant_admin", state="active").order_by("id").first()
        return directory.load(member.pk)


def found_in(folder):
    """[(book name, path)] of the workbooks in a folder, in the order in which they build on each other."""
    out = []
    for name in sorted(FOLDER_ORDER, key=lambda n: registry.books[n].order):
        path = next((p for p in (Path(folder) / f"{name}{s}" for s in SUFFIXES) if p.exists()), None)
        if path:
            out.append((name, path))
    return out


def load_folder(tenant_id, folder, *, refused_to=None, progress=None):
    """Load every known workbook; yields (book name, outcome or None, path of refused rows or message)."""
    for name, path in found_in(folder):
        actor = administrator(tenant_id)
        book = registry.books[name](actor)
        try:
            outcome = load_book(actor, book, path, progress=(lambda o, n=name: progress(n, o)) if progress else None)
        except ActionError as error:
            yield name, None, "；".join(str(t) for ts in error.errors.values() for t in ts) or str(error.message)
            continue
        target = None
        if outcome.refused and refused_to is not False:
            target = Path(refused_to or folder) / f"{name}-退回.xlsx"
            save_refused(target, book, outcome)
        yield name, outcome, target
