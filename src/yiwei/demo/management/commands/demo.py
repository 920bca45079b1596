"""./yiwei manage demo: make the demonstration dealer; --names prints the sign-in names."""

import os
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import translation

from yiwei.books.loading import load_folder
from yiwei.demo.cast import CODE, NAME, OPERATOR, OPERATOR_NAME, PASSWORD, SIGN_INS, give_sign_ins
from yiwei.demo.season import play
from yiwei.kernel.records.tenancy import context
from yiwei.ops import database, schema
from yiwei.org.rules.dealers import open_dealer
from yiwei.org.rules.presets import POSITIONS
from yiwei.platform.models.administrator import Administrator
from yiwei.platform.rules.dealers import make_administrator

BOOKS = Path(__file__).resolve().parents[2] / "books"


class Command(BaseCommand):
    """The dealer's own books, sign-ins for each role, and a year of business made through the actions."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--names", action="store_true", help="print the sign-in names only")
        parser.add_argument("--fill", action="store_true", help="make the rest of the year")
        parser.add_argument("--orders", type=int, default=300, help="how many orders the year has")

    def handle(self, *args, names, fill, orders, **options):
        translation.activate("zh-hans")
        if names:
            return self.names()
        tenant_id = context.find_tenant(CODE)
        if fill:
            os.nice(10)
            return play(tenant_id, orders=orders)
        if schema.holds_anything(but=CODE if schema.read_state().get("demo") == schema.BEGUN else None):
            raise CommandError("There is somebody's data here: demo sign-ins are made only in an empty database.")
        if tenant_id is None:
            tenant_id, _user, _password = open_dealer(CODE, NAME, password=PASSWORD)
        for one in load_folder(tenant_id, BOOKS, refused_to=False):
            self.stdout.write(f"  {one.book}: {one.problem}" if one.outcome is None
                              else f"  {one.book}: {one.outcome.added} + {one.outcome.known}, {len(one.outcome.refused)} refused")
        database.analyze(connection.settings_dict["NAME"])
        with context.entered(tenant_id):
            give_sign_ins()
        with context.entered(None, operator="setup"):
            known = Administrator.objects.exists()
        if not known:
            make_administrator(OPERATOR, OPERATOR_NAME, PASSWORD)
        play(tenant_id, first=True, orders=orders, progress=self.progress)
        sys.stderr.write("\n")

    def progress(self, done, total):
        if sys.stderr.isatty() or done % 50 == 0:
            sys.stderr.write(f"\r  a year of business: {done}/{total} orders")
            sys.stderr.flush()

    def names(self):
        self.stdout.write(f"  Sign in with one of these names, password {PASSWORD}")
        for short, position in SIGN_INS:
            self.stdout.write(f"    {short + '@' + CODE:<20} {POSITIONS[position][0]}")
        self.stdout.write(f"    {OPERATOR:<20} {OPERATOR_NAME}")
