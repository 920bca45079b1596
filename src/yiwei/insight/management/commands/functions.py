"""./yiwei manage functions: write docs/functions.md from the registry and the tests."""

from django.core.management.base import BaseCommand

from yiwei.insight.rules.dashboard import PATH, render


class Command(BaseCommand):
    """Writes the dashboard of all functions."""

    help = __doc__

    def handle(self, *args, **options):
        PATH.write_text(render(), encoding="utf-8")
        self.stdout.write(render().rstrip().splitlines()[-1])
