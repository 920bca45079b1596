"""Find what the rooms declare, so that no central list has to be edited."""

import importlib
import pkgutil
from importlib.util import find_spec

from django.apps import apps
from django.db import models

SHELVES = ("actions", "screens", "reports", "reactions", "jobs", "reminders", "hooks", "importers")


def nouns(package, namespace):
    """Import every noun of a `models` package and lift its models into `namespace`."""
    module = importlib.import_module(package)
    for info in pkgutil.iter_modules(module.__path__):
        noun = importlib.import_module(f"{package}.{info.name}")
        for name, value in vars(noun).items():
            if isinstance(value, type) and issubclass(value, models.Model) and value.__module__ == noun.__name__:
                namespace[name] = value


def shelves():
    """Import every room's shelves; classes and functions on them register themselves."""
    for config in apps.get_app_configs():
        if not config.name.startswith("yiwei."):
            continue
        for shelf in SHELVES:
            name = f"{config.name}.{shelf}"
            if find_spec(name) is None:
                continue
            module = importlib.import_module(name)
            for info in pkgutil.iter_modules(getattr(module, "__path__", [])):
                importlib.import_module(f"{name}.{info.name}")
