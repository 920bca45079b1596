"""What is declared is used: every state is reached by some action, every setting of base data is read by some code.

The two lists say what is still declared in vain; whoever wires one up takes it off. A name that is common elsewhere escapes this test.
"""

import re
from pathlib import Path

from django.apps import apps

from yiwei.kernel.base import registry
from yiwei.kernel.records.document import BaseData
from yiwei.kernel.records.tenancy.guards import tenant_models

SOURCE = Path(__file__).resolve().parents[1] / "src" / "yiwei"
UNREACHED = {
    "finance.Receivable.bad", "service.InstallOrder.settled",
    "service.Ticket.working",
}
UNREAD = {
    "catalog.Grade.commission_factor", "finance.PaymentType.prints_as", "finance.PaymentType.refundable", "orders.ContractModule.clauses",
    "rebate.RebateItem.with_fees", "service.Driver.trip_rate", "service.RevisitTemplate.script", "service.Vehicle.inspected_until",
    "service.Vehicle.insured_until", "service.Vehicle.load_kg", "service.Vehicle.owned", "service.Vehicle.volume", "stock.Warehouse.keeper",
}
SHOWN = {"screens", "tests", "migrations", "locale", "demo", "importers", "templates"}  # where a field is only shown or typed


def code():
    """{path: text} of what decides anything."""
    return {p: p.read_text(encoding="utf-8") for p in SOURCE.rglob("*.py") if not SHOWN & set(p.relative_to(SOURCE).parts)}


def written(texts, model, state):
    """Whether some code brings a row there by name: by a verb from anywhere, or by assignment in its room or where the model is named."""
    verbs = re.compile(rf"""(?:reach|decide|advance|sign|close)\w*\([^)\n]*["']{state}["']""")
    puts = re.compile(rf"""state\s*=\s*["']{state}["']|[.]state\b[^=\n]*=[^=\n]*["']{state}["']|else ["']{state}["']|["']{state}["'] if """)
    return any(verbs.search(text) or puts.search(text) and (path.relative_to(SOURCE).parts[0] == model._meta.app_label or model.__name__ in text)
               for path, text in texts.items() if "models" not in path.parts)


def test_every_state_is_reached_by_some_action():
    texts, unreached = code(), set()
    for model in tenant_models():
        if model.flow is None:
            continue
        targets = {a.target for a in registry.actions_of(model)}
        unreached |= {f"{model._meta.label}.{s.code}" for s in model.flow.states if s.code != model.flow.initial and s.code not in targets
                      and not written(texts, model, s.code)}
    assert unreached == UNREACHED


def test_every_setting_of_base_data_is_read_by_some_code():
    texts, unread = code(), set()
    for model in apps.get_models():
        if not issubclass(model, BaseData) or model._meta.app_label == "kernel":
            continue
        for field in model._meta.local_fields:
            if field.name in ("id", "tenant", "version", "created_at", "created_by", "updated_at", "active", "code", "name", "place"):
                continue
            reads = re.compile(rf"""[.]{field.name}(_id)?\b|["'_]{field.name}(_id)?["'_]|\b{field.name}(_id)?(__\w+)?=""")
            declared = re.compile(rf"^\s+{field.name} = (models\.|Ref\()")
            if not any(reads.search(line) and not declared.search(line) for text in texts.values() for line in text.splitlines()):
                unread.add(f"{model._meta.label}.{field.name}")
    assert unread == UNREAD
