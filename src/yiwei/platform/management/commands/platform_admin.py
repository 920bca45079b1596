"""./yiwei manage platform_admin NAME@HOUSE --name "…": make an administrator of the platform, or give a new first password."""

import secrets

from django.core.management.base import BaseCommand

from yiwei.platform.rules.dealers import make_administrator


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--name", default="")

    def handle(self, *args, username, name, **options):
        password = secrets.token_urlsafe(9)
        make_administrator(username, name, password, must_change=True)
        self.stdout.write(f"  {username}: first password {password}, to be changed at the first sign-in")
