"""./yiwei manage load_books DIR --tenant CODE --create"""

import sys
import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _

from yiwei.books.loading import FOLDER_ORDER, found_in, load_folder, others_in
from yiwei.kernel.base import registry
from yiwei.kernel.records.tenancy import context
from yiwei.ops import database
from yiwei.org.rules.dealers import open_dealer

EVERY = 5     # seconds between two lines of progress where nobody watches
SHOWN = 10    # rows told of each kind


class Command(BaseCommand):
    """Loads 员工, 产品价目, 展厅客户登记, 渠道报备, 商场统一收银 and 期初库存 from a folder into a dealer."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument("--tenant", required=True, help="the dealer's code")
        parser.add_argument("--create", action="store_true", help="open the dealer if there is none of this code")
        parser.add_argument("--name", default="", help="the dealer's name when it is opened")
        parser.add_argument("--refused", type=Path, help="folder for refused rows (default: beside the books)")
        parser.add_argument("--preview", action="store_true", help="say what would be loaded and write nothing")
        parser.add_argument("--update", action="store_true", help="write rows that were loaded before and have changed since")
        parser.add_argument("--hidden", action="store_true", help="read hidden and example sheets, too")

    def handle(self, *args, folder, tenant, create, name, refused, preview, update, hidden, **options):
        translation.activate("zh-hans")
        self.told = 0.0
        if not folder.is_dir():
            raise CommandError(_("There is no folder %(path)s.") % {"path": folder})
        if not found_in(folder):
            raise CommandError(_("None of these workbooks is there: %(names)s.") % {"names": "、".join(FOLDER_ORDER)})
        tenant_id = context.find_tenant(tenant)
        if tenant_id is None and not create:
            raise CommandError(_("There is no dealer “%(code)s”; add --create to open it.") % {"code": tenant})
        if tenant_id is None:
            tenant_id, username, password = open_dealer(tenant, name or tenant)
            self.stdout.write(_("Opened dealer %(code)s. Administrator: %(user)s, one-time password: %(password)s") % {
                "code": tenant, "user": username, "password": password})
        for path in others_in(folder):
            self.stdout.write(_("Not read, no book has this name: %(file)s") % {"file": path.name})
        failed = 0
        for one in load_folder(tenant_id, folder, refused_to=refused, progress=self.progress, preview=preview, update=update, hidden=hidden):
            self.clear()
            failed += one.outcome is None
            self.tell(one, preview, update)
        if not preview:
            database.analyze(connection.settings_dict["NAME"])
        if failed:
            sys.exit(1)

    def tell(self, one, preview, update):
        """What became of a file, or would."""
        name, outcome = one.path.stem, one.outcome
        labels = {key: names[0] for key, names in registry.books[one.book].headers.items()}
        if outcome is None:
            self.stdout.write(f"{name}: {one.problem}")
            return
        text = _("%(book)s: %(added)s would be added, %(known)s already there, %(changed)s changed, %(refused)s refused") if preview else \
            _("%(book)s: %(added)s added, %(known)s already there, %(refused)s refused")
        line = text % {"book": name, "added": outcome.added, "known": outcome.known, "changed": len(outcome.changed) + outcome.updated,
                       "refused": len(outcome.refused)}
        self.stdout.write(line + (f" → {one.returned}" if one.returned else ""))
        if outcome.updated and not preview:
            self.stdout.write("  " + _("%(n)s changed rows were updated.") % {"n": outcome.updated})
        for number, changes in outcome.changed[:SHOWN]:
            self.stdout.write("  " + _("Row %(n)s has changed: %(what)s") % {
                "n": number, "what": "；".join(f"{w} {a or '–'} → {b or '–'}" for w, a, b in changes)})
        if outcome.changed and not update:
            self.stdout.write("  " + _("Changed rows are written with --update only."))
        for sheet, pairs in outcome.guessed.items():
            self.stdout.write("  " + _("Sheet %(sheet)s, understood by likeness: %(columns)s") % {
                "sheet": sheet, "columns": "、".join(f"{h} = {labels[k]}" for h, k in pairs)})
        for sheet, headings in outcome.unknown.items():
            self.stdout.write("  " + _("Sheet %(sheet)s, columns not understood: %(columns)s") % {"sheet": sheet, "columns": "、".join(headings)})
        for sheet, rows in outcome.passed:
            self.stdout.write("  " + _("Sheet %(sheet)s is hidden or an example and was not read (%(n)s rows); --hidden reads it.") % {
                "sheet": sheet, "n": rows})
        sums = [f"{s.name} {n}: {text}" for s in outcome.sheets for n, text in s.sums]
        if sums:
            self.stdout.write("  " + _("Passed over as sums: %(rows)s") % {"rows": "、".join(sums[:SHOWN])})
        if outcome.notes:
            self.stdout.write("  " + _("%(n)s rows with cells that were not understood; the text is kept in the remark.") % {"n": len(outcome.notes)})
        for number, texts in outcome.notes[:SHOWN]:
            self.stdout.write(f"    {number}: {'；'.join(texts)}")
        for number, _cells, reasons in outcome.refused[:SHOWN] if preview else ():
            self.stdout.write("  " + _("Row %(n)s would be refused: %(why)s") % {"n": number, "why": "；".join(reasons)})

    def progress(self, book, outcome):
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{book} {outcome.seen}")
            sys.stderr.flush()
        elif time.monotonic() - self.told > EVERY:
            self.told = time.monotonic()
            sys.stderr.write(f"{book} {outcome.seen}\n")
            sys.stderr.flush()

    @staticmethod
    def clear():
        if sys.stderr.isatty():
            sys.stderr.write("\r\033[K")
