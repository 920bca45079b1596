"""./yiwei bench lists | lifecycle"""

import sys

from django.core.management.base import BaseCommand

from yiwei.demo.bench import lifecycle, lists, place


class Command(BaseCommand):
    """Lists and searches among a million customers; life cycles beside bare SQL."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("what", choices=["lists", "lifecycle"])
        parser.add_argument("--rows", type=int, default=1_000_000, help="customers in the large tenant")
        parser.add_argument("--tenants", type=int, default=20)
        parser.add_argument("--seconds", type=int, default=30, help="of each measurement of lifecycle")

    def handle(self, *args, what, rows, tenants, seconds, **options):
        if place.inside():
            code = lists.measure(rows, tenants) if what == "lists" else lifecycle.measure(seconds)
        else:
            with place.fresh():
                code = place.run(what, f"--rows={rows}", f"--tenants={tenants}", f"--seconds={seconds}")
        sys.exit(code)
