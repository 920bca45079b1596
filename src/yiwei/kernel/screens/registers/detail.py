"""What a detail page and a board show."""

from django.db.models import Exists
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwei.kernel.base import registry
from yiwei.kernel.records import usage
from yiwei.kernel.records.document import BaseData, Timeline, told_as
from yiwei.kernel.records.personal import redacted

from .beside import FIGURES
from .columns import cell, column_for
from .listing import filtered, row_of
from .onward import next_step, onward
from .register import View
from .timeline import changes_of

TAB_ROWS = 100


def context(register, actor, obj, params=None):
    """The contract of the detail template."""
    flow = obj.flow
    state = flow.state(flow.seen(obj.state, actor)) if flow else None
    tabs = _tabs(register, actor, obj)
    params, leading = params or {}, bool(tabs) and counted(tabs[0])
    chosen = next((t for t in tabs if t.key == params.get("tab")), tabs[0] if tabs else None)
    base, told = register.url("detail", obj.pk), _told(obj)
    return {
        "title": register.title(obj), "pretitle": register.label, "list_url": register.url(), "code": register.code,
        "subtitle": _subtitle(obj), "state": {"label": state.label, "color": state.color} if state else None,
        "flags": register.flags(actor, obj), "figures": _figures(register, actor, obj),
        "notices": register.notices(actor, obj), "panels": register.panels(actor, obj),
        "steps": _steps(flow, obj, actor, _moves(obj, told)) if flow else [],
        "buttons": buttons(register, actor, obj), "sections": _sections(register, actor, obj),
        "tabs": [{"key": t.key, "label": t.label, "url": f"{base}?tab={t.key}", "active": t is chosen} for t in tabs],
        "tab": _tab(chosen, actor, obj, params, base) if chosen else None, "leading": leading,
        "next": next_step(actor, obj), "onward": [] if actor.limits.get("read_only") else onward(actor, obj),
        "timeline": timeline(obj, actor, told), "attachments": _attachments(register, actor, obj),
        "used": _used(register, actor, obj), "comment_url": f"{base}comment/",
        "papers": [{"label": p.label, "url": register.url("paper", obj.pk, name=p.name)} for p in register.papers if p.offered(actor, obj)],
        "pk": obj.pk, "url": base,
    }


def _tabs(register, actor, obj):
    """The tabs of a row; whether those have any rows that are shown only then is asked in one statement."""
    tabs = [t for t in register.tabs if t.show is None or t.show(actor, obj)]
    asked = {f"filled_{t.key}": Exists(t.rows(actor, obj)) for t in tabs if t.filled}
    if not asked:
        return tabs
    found = type(obj).objects.filter(pk=obj.pk).values(**asked).get()
    return [t for t in tabs if found.get(f"filled_{t.key}", True)]


def _subtitle(obj):
    parts = [str(p) for p in (getattr(obj, "outlet", None), getattr(obj, "owner", None)) if p]
    return " · ".join(parts)


def _steps(flow, obj, actor, moves):
    """The way of a document: ticked is what happened by its timeline, or must have; what was left out or is to come is not.

    A state off the way (held, rejected) stands behind the step from which it was reached; where it is an end, nothing follows.
    """
    way, code = list(flow.main), flow.seen(obj.state, actor)
    if len(way) < 3:
        return []
    moves = [[flow.seen(c, actor) if c else "" for c in pair] for pair in moves]
    if code not in way:
        before = next((a for a, b in reversed(moves) if b == code and a in way), None) or next(
            (c for c in reversed(way) if flow.allows(c, code)), way[0])
        at = way.index(before) + 1
        way = [*way[:at], code, *(way[at:] if flow.leads_on(code) else ())]
    start = (moves[0][0] or moves[0][1]) if moves else flow.initial
    seen, at = {c for pair in moves for c in pair}, way.index(code)
    passed = {c for c in way[:at] if c in seen or flow.surely_passed(start, c, code)}
    return [{"label": flow.state(c).label, "status": "current" if i == at else "todo" if i > at else "done" if c in passed else "left-out"}
            for i, c in enumerate(way)]


def buttons(register, actor, obj):
    """Actions of a row: those possible now first; the others grey, with the reason."""
    possible, grey = [], []
    for act in register.actions():
        if act.creates or not act.shown(actor, obj):
            continue
        reason = act.blocked(actor, obj)
        entry = {"label": act.label, "url": register.url("act", obj.pk, verb=act.verb), "style": act.style,
                 "icon": act.icon, "disabled": bool(reason), "reason": reason, "verb": act.verb}
        (grey if reason else possible).append(entry)
    return sorted(possible, key=_weight) + grey


def _weight(button):
    """What leads on first, its opposite beside it, the rest, and what ends things last."""
    if button["verb"].startswith("reject"):
        return 1
    return {"primary": 0, "success": 0, "danger": 3}.get(button["style"], 2)


def _sections(register, actor, obj):
    """The facts by section; what has nothing to say is left out."""
    out = []
    for title, names in register.all_sections():
        columns = [column_for(register.model, n) for n in names]
        cells = [cell(c, obj, actor) for c in columns if not c.mask or c.kind == "phone" or actor.sees(c.mask)]
        cells = [c for c in cells if c.get("text") or c.get("tags") or c.get("masked")]
        if cells:
            out.append({"label": title, "cells": cells})
    return out


def counted(tab):
    """Whether a tab holds goods or money, by which one decides: then it stands before the facts."""
    return tab.model is not None and any(c.kind in ("money", "number") for c in tab.columns)


def _used(register, actor, obj):
    """How often base data is used, for who keeps it."""
    if not isinstance(obj, BaseData) or not actor.can(f"{register.room}.{obj._meta.model_name}.edit"):
        return None
    return [{"label": what, "count": usage.count_text(n)} for what, n in usage.usage(obj)]


def _figures(register, actor, obj):
    """The register's own cards and those of the rooms above it."""
    return [*register.figures(actor, obj), *(f for fn in FIGURES.get(register.model, ()) for f in fn(actor, obj))]


def _view(tab, actor, obj, params, base):
    """A tab with its own template; where nobody asked for it by name, it is fetched once the page stands."""
    out = {"key": tab.key, "label": tab.label, "template": tab.template, "url": f"{base}?tab={tab.key}", "waits": params.get("tab") != tab.key}
    return out if out["waits"] else out | tab.context(actor, obj, params)


def _tab(tab, actor, obj, params, base):
    if isinstance(tab, View):
        return _view(tab, actor, obj, params, base)
    home = registry.register_of(tab.model)
    columns = [c for c in tab.columns if not c.mask or c.kind == "phone" or actor.sees(c.mask)]
    rows = list(tab.rows(actor, obj)[: TAB_ROWS + 1])
    shown = []
    for row in rows[:TAB_ROWS]:
        cells = [cell(c, row, actor) for c in columns]
        url = home.url("detail", row.pk) if home and home.allowed(actor) else ""
        if cells and url and not cells[0]["url"]:
            cells[0]["url"] = url
        shown.append({"pk": row.pk, "url": url, "title": str(row), "cells": cells, "badges": []})
    return {"key": tab.key, "label": tab.label,
            "columns": [{"name": c.name, "label": c.label, "align": c.align} for c in columns],
            "rows": shown, "more": len(rows) > TAB_ROWS, "empty": {"title": _("Nothing here"), "text": ""}}


LINES = 60


def _told(obj):
    """The newest lines of a row's timeline."""
    return list(Timeline.objects.filter(model=obj._meta.label_lower, object_id=obj.pk).order_by("-id")[:LINES])


def _moves(obj, told):
    """(state before, after) of every move, the first first; asked again only where there is more than what is shown."""
    if len(told) < LINES:
        return [(t.from_state, t.to_state) for t in reversed(told) if t.to_state]
    return Timeline.objects.filter(model=obj._meta.label_lower, object_id=obj.pk).exclude(to_state="").order_by("id").values_list(
        "from_state", "to_state")


def timeline(obj, actor, rows):
    """Lines of a row's timeline, newest first, with what was changed where that is kept field by field."""
    flow, out = obj.flow, []
    changed = changes_of(obj, actor, rows)
    for line in rows:
        act = registry.actions.get(line.action)
        before, after = (flow.seen(code, actor) if flow and code else "" for code in (line.from_state, line.to_state))
        if before == after and line.from_state != line.to_state:
            continue   # it went on behind the veil
        before, after = ("", "") if before == after else (before, after)
        out.append({
            "at": timezone.localtime(line.at), "actor": line.actor_name, "label": told_as(line.action), "text": redacted(line.text, actor),
            "from_label": flow.state(before).label if before else "", "to_label": flow.state(after).label if after else "",
            "icon": act.icon if act else "message", "changes": changed.get(line.pk, []),
        })
    return out


def _attachments(register, actor, obj):
    from yiwei.kernel.records.attachments import Attachment
    items = Attachment.of(obj)
    return {"items": [{"name": a.name, "size": a.size, "at": a.created_at, "by": a.by, "url": a.url(actor),
                       "thumb": a.url(actor) if a.is_image else "", "version": a.revision, "current": a.current}
                      for a in items],
            "upload_url": register.url("upload", obj.pk)}


LANE_ROWS = 600


def board(register, actor, params):
    """Rows by state, or by one of the register's lanes; each column shows its newest, never counting the rest."""
    flow, by = register.model.flow, params.get("by")
    rows = filtered(register, actor, params)
    columns, keep = [], [c for c in register.visible_columns(actor) if not register.board_columns or c.link or c.name in register.board_columns]
    keep = keep if register.board_columns else keep[:4]
    address = register.url("board")
    ways = [{"label": _("By state"), "url": address, "on": by not in register.lanes},
            *({"label": label, "url": f"{address}?by={n}", "on": n == by} for n, label in register.lanes.items())] if register.lanes else []
    page = {"title": register.label, "code": register.code, "columns": columns, "list_url": register.url(), "ways": ways}
    if by in register.lanes:
        columns += _lanes(register, actor, rows.filter(state__in=flow.of_group("open")), by, keep)
        return page
    for code in flow.main:
        state = flow.state(code)
        found = list(rows.filter(state=code).order_by("-id")[:31])
        columns.append({"label": state.label, "color": state.color, "code": code, "more": len(found) > 30,
                        "count": f"{len(found[:30])}{'+' if len(found) > 30 else ''}",
                        "cards": [row_of(register, actor, o, keep) for o in found[:30]]})
    return page


def _lanes(register, actor, rows, by, keep):
    """Open rows by the value of a field: people by name, days in order, those without a value last."""
    lanes = {}
    for obj in rows.order_by(by, "id")[:LANE_ROWS]:
        lanes.setdefault(getattr(obj, by), []).append(obj)
    named = sorted(((str(value), found) for value, found in lanes.items() if value is not None), key=lambda lane: lane[0])
    if None in lanes:
        named.append((_("Not yet"), lanes[None]))
    return [{"label": label, "color": "blue", "code": "", "more": False, "count": len(found),
             "cards": [row_of(register, actor, o, keep) for o in found]} for label, found in named]
