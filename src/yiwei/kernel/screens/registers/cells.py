"""Cells as HTML, made by hand: a list of fifty rows shows five hundred of them."""

from html import escape

from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

DIM = '<span class="dim">–</span>'


def esc(text):
    return escape(str(text))


def html_of(cell, void=False):
    """What stands in a cell (the contract of `register.columns.cell`); `void`: a dash where there is nothing."""
    kind, text = cell.get("kind", "text"), esc(cell.get("text") or "")
    if kind == "state":
        return f'<span class="state c-{esc(cell.get("color") or "secondary")}">{text}</span>'
    if kind == "phone" and (cell.get("masked") or text):
        return _phone(cell, text)
    if cell.get("url"):
        return f'<a href="{esc(cell["url"])}">{text or "–"}</a>'
    if kind == "tags":
        return "".join(f'<span class="mark">{esc(t)}</span>' for t in cell.get("tags") or ())
    if kind == "progress" and text:
        return f'<span class="meter"><progress max="100" value="{cell["pct"]}"></progress><span>{text}</span></span>'
    if kind == "money" and text.startswith("-"):
        return f'<span class="minus">{text}</span>'
    return text or (DIM if void else "")


def _phone(cell, text):
    if not cell.get("masked"):
        return f'<a class="tel" href="tel:{text}">{text}</a>'
    if not cell.get("reveal_url"):
        return f'<span class="masked"><span>{text}</span></span>'
    from yiwei.kernel.templatetags.shell import icon
    say, ask = esc(_("Show the number; this is recorded")), esc(_("Why do you need this number? Who shows it, when and why is kept."))
    return (f'<span class="masked"><span>{text}</span><button type="button" class="reveal js-only" hx-post="{esc(cell["reveal_url"])}"'
            f' hx-target="closest .masked" hx-swap="textContent" data-ask="{ask}" title="{say}" aria-label="{say}">{icon("eye")}</button></span>')


def row_html(row, bulk=False, peek=False):
    """The cells of one row of a list: the first with its checkbox and flags."""
    out = []
    for number, cell in enumerate(row["cells"]):
        empty = not cell.get("text") and not cell.get("tags")
        look = f"k-{esc(cell.get('kind', 'text'))} {esc(cell.get('align') or '')}{' first' if not number else ' blank' if empty else ''}"
        inner = html_of(cell, void=not number)
        if not number:
            inner = (_pick(row) if bulk else "") + inner + "".join(
                f'<span class="flag c-{esc(b.get("color") or "secondary")}">{esc(b["label"])}</span>' for b in row.get("badges") or ())
            inner += _peek(row) if peek and row.get("url") else ""
        out.append(f'<td class="{look}" data-label="{esc(capfirst(str(cell.get("label") or "")))}">{inner}</td>')
    if "do" in row and row["do"]:
        out.append(f'<td class="row-do">{"".join(_decision(d, row) for d in row["do"])}</td>')
    return mark_safe("".join(out))  # every text above went through esc()


def _peek(row):
    from yiwei.kernel.templatetags.shell import icon
    say = esc(_("Preview"))
    return (f'<button type="button" class="peek js-only" data-peek title="{say}" aria-label="{say} {esc(row["title"])}">{icon("eye")}</button>')


def _decision(button, row):
    look = {"primary": " btn-primary", "success": " btn-success", "danger": " btn-danger-quiet"}.get(button["style"], "")
    now = f' data-now data-version="{esc(button["version"])}"' if button["now"] else ""
    return (f'<a class="btn btn-sm{look}" href="{esc(button["url"])}" data-modal{now} aria-label="{esc(button["label"])} {esc(row["title"])}">'
            f'{esc(button["label"])}</a>')


def _pick(row):
    return (f'<input type="checkbox" class="form-check-input" name="ids" value="{esc(row["pk"])}" form="bulk" data-pick="one"'
            f' aria-label="{esc(_("Select"))}">')
