"""./yiwei manage load_books DIR --tenant CODE --create"""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from yiwei.books.loading import FOLDER_ORDER, found_in, load_folder
from yiwei.kernel.records.tenancy import context
from yiwei.org.rules.dealers import open_dealer


class Command(BaseCommand):
    """Loads 员工, 产品价目, 展厅客户登记, 渠道报备, 商场统一收银 and 期初库存 from a folder into a dealer."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument("--tenant", required=True, help="the dealer's code")
        parser.add_argument("--create", action="store_true", help="open the dealer if there is none of this code")
        parser.add_argument("--name", default="", help="the dealer's name when it is opened")
        parser.add_argument("--refused", type=Path, help="folder for refused rows (default: beside the books)")

    def handle(self, *args, folder, tenant, create, name, refused, **options):
        translation.activate("zh-hans")
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
        failed = 0
        for book, outcome, where in load_folder(tenant_id, folder, refused_to=refused, progress=self.progress):
            self.clear()
            if outcome is None:
                failed += 1
                self.stdout.write(f"{book}: {where}")
                continue
            line = _("%(book)s: %(added)s added, %(known)s already there, %(refused)s refused") % {
                "book": book, "added": outcome.added, "known": outcome.known, "refused": len(outcome.refused)}
            self.stdout.write(line + (f" → {where}" if where else ""))
        if failed:
            sys.exit(1)

    def progress(self, book, outcome):
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{book} {outcome.seen}")
            sys.stderr.flush()

    @staticmethod
    def clear():
        if sys.stderr.isatty():
            sys.stderr.write("\r\033[K")
