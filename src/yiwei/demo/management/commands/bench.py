"""./yiwei bench lists"""

import sys

from django.core.management.base import BaseCommand

from yiwei.demo.bench import lists, place


class Command(BaseCommand):
    """Lists and searches among a million customers."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("what", choices=["lists"])
        parser.add_argument("--rows", type=int, default=1_000_000, help="customers in the large tenant")
        parser.add_argument("--tenants", type=int, default=20)

    def handle(self, *args, what, rows, tenants, **options):
        if place.inside():
            code = lists.measure(rows, tenants)
        else:
            with place.fresh():
                code = place.run(what, f"--rows={rows}", f"--tenants={tenants}")
        sys.exit(code)
