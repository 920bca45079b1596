"""What rooms above add to the page of a row below: figures in its head, entries on its story, reasons why somebody sees it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from yiwei.kernel.base import registry
from yiwei.kernel.records import scope
from yiwei.kernel.records.personal import redacted

FIGURES, STORIES, ONLOOKERS = {}, {}, {}
PAGE = 30


def figures(model):
    """Add cards to the head of the page of `model`: `fn(actor, obj)` gives them as a register's `figures` does."""
    def declare(fn):
        FIGURES.setdefault(model, []).append(fn)
        return fn
    return declare


def onlookers(model):
    """Name others who see a row of `model` (None: any row) although its scope does not: `fn(actor, obj)` gives [(name, why)]."""
    def declare(fn):
        ONLOOKERS.setdefault(model, []).append(fn)
        return fn
    return declare


@dataclass(frozen=True)
class Chapter:
    """One kind of entries on the story of a row: rows of `model` that `path` ties to it, at the moment `at`.

    `title(row)` and `text(row)` say what happened; `related` is fetched along. `of(actor, ids)` instead of `path` where no
    reference ties them. `shared`: who sees the row sees these, also without the list they stand in.
    """

    key: str
    label: object
    icon: str
    model: type
    at: str
    title: object
    path: str = ""
    text: object = None
    related: tuple = ()
    color: str = "blue"
    where: object = None
    of: object = None
    shared: bool = False

    def entries(self, actor, ids, before, most):
        """The newest entries before a moment, of rows within the actor's scope."""
        rows = self.of(actor, ids) if self.of else scope.rows(self.model, actor).filter(**{f"{self.path}__in": ids})
        rows = rows.exclude(**{self.at: None})
        if self.where is not None:
            rows = rows.filter(self.where)
        if before is not None:
            rows = rows.filter(Q(**{f"{self.at}__lt": before}))
        home = registry.register_of(self.model)
        link = home is not None and home.allowed(actor)
        for row in rows.select_related(*self.related).order_by(f"-{self.at}", "-pk").distinct()[:most]:
            state = row.flow.state(row.flow.seen(row.state, actor)) if row.flow else None
            yield {"at": _moment(getattr(row, self.at)), "key": self.key, "kind": self.label, "icon": self.icon, "color": self.color,
                   "title": redacted(str(self.title(row)), actor),
                   "text": redacted(str(self.text(row) or ""), actor) if self.text else "",
                   "state": state.label if state else "", "state_color": state.color if state else "",
                   "url": home.url("detail", row.pk) if link else ""}


def chapter(subject, /, **more):
    """Add a kind of entries to the story of rows of `subject`."""
    STORIES.setdefault(subject, []).append(Chapter(**more))


def _moment(value):
    if isinstance(value, datetime):
        return timezone.localtime(value)
    return timezone.make_aware(datetime.combine(value, datetime.min.time()))


def chapters(model, actor):
    """The kinds of entries this actor may open."""
    return [c for c in STORIES.get(model, ()) if c.shared or (home := registry.register_of(c.model)) is None or home.allowed(actor)]


def story(obj, actor, *, also=(), only="", before=None, size=PAGE):
    """(entries, more): one query for each kind, newest first; `also` are ids of rows that became one with `obj`."""
    ids, found = [obj.pk, *also], []
    for one in chapters(type(obj), actor):
        if not only or one.key == only:
            found += one.entries(actor, ids, before, size + 1)
    found.sort(key=lambda e: e["at"], reverse=True)
    return found[:size], len(found) > size
