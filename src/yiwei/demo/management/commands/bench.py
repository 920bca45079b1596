"""./yiwei bench lists | lifecycle | filings"""

import sys

from django.core.management.base import BaseCommand

from yiwei.demo.bench import filings, lifecycle, lists, place


class Command(BaseCommand):
    """Lists among a million customers; rivals among a million filings; life cycles beside bare SQL."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("what", choices=["lists", "lifecycle", "filings"])
        parser.add_argument("--rows", type=int, default=1_000_000, help="customers, or filings, in the large tenant")
        parser.add_argument("--tenants", type=int, default=20)
        parser.add_argument("--seconds", type=int, default=30, help="of each measurement of lifecycle")

    def handle(self, *args, what, rows, tenants, seconds, **options):
        if place.inside():
            code = {"lists": lambda: lists.measure(rows, tenants), "filings": lambda: filings.measure(rows),
                    "lifecycle": lambda: lifecycle.measure(seconds)}[what]()
        else:
            with place.fresh():
                code = place.run(what, f"--rows={rows}", f"--tenants={tenants}", f"--seconds={seconds}")
        sys.exit(code)
