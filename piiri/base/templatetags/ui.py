"""The components: what every page is made of. Each is shown in all its states at /design/.

Builtin in all templates. Arguments go by name; a name the signature does not know is a template error.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import forms, template
from django.forms import BaseForm, BoundField
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from piiri.base import dates
from piiri.base import ring as geometry
from piiri.base.fields import Translations

register = template.Library()

SPRITE = Path(__file__).resolve().parents[1] / "static" / "icons" / "sprite.svg"
ICONS = frozenset(re.findall(r'id="i-([a-z0-9-]+)"', SPRITE.read_text()))
TONES = {"info": "info", "good": "check", "watch": "clock", "care": "circle-alert"}
DECORATION = mark_safe(' aria-hidden="true" focusable="false"')
LANGUAGE_NAMES = (("fi", "FI", "suomeksi"), ("sv", "SV", "på svenska"), ("en", "EN", "in English"))


def attributes(**values: object) -> SafeString:
    """HTML attributes of those values that say something; `data_x` becomes `data-x`."""
    given = ((name.replace("_", "-"), value) for name, value in values.items() if value)
    return format_html_join("", ' {}="{}"', given)


# --- pictures ---------------------------------------------------------------------------------


@lru_cache(maxsize=512)
def _icon(name: str, label: str) -> SafeString:
    if name not in ICONS:
        raise ValueError(f"{name} is no icon of the sprite")
    said = attributes(role="img", aria_label=label) if label else DECORATION
    address = f"{static('icons/sprite.svg')}#i-{name}"
    return format_html('<svg class="icon"{}><use href="{}"/></svg>', said, address)


@register.simple_tag
def icon(*, name: str, label: str = "") -> SafeString:
    """A line icon. Decorative unless it has a label."""
    return _icon(name, str(label))


def _glyph(
    seats: str, *, label: str = "", ring: str = "", num: object = "", pct: int | None = None, **look: str
) -> SafeString:
    inside = geometry.drawing(seats, ring=ring, num=conditional_escape(str(num)), hours_pct=pct)
    said = attributes(role="img", aria_label=label) if label else DECORATION
    # The drawing is made of numbers and of `num`, which is escaped above.
    drawn = mark_safe(inside)  # noqa: S308
    return format_html(
        '<svg class="glyph"{} viewBox="0 0 100 100"{}>{}</svg>', attributes(**look), said, drawn
    )


@register.simple_tag
def seats(
    *,
    seats: str,
    label: str = "",
    size: str = "m",
    hue: str = "",
    tone: str = "",
    ring: str = "closed",
    num: str | int = "",
    hours_pct: int | str | None = None,
) -> SafeString:
    """The glyph. One letter a seat, clockwise: m mentor, p person, f free, a away, w waiting, n now.

    `ring="open"` is a circle still forming; `tone` (watch, care, rest) is the circle's, never a
    person's. Without a label it is decoration: say the same in words beside it.
    """
    look = {"data_size": size, "data_hue": hue, "data_tone": tone}
    filled = None if hours_pct in (None, "") else int(hours_pct)  # an empty template variable is ""
    return _glyph(seats, label=label, ring=ring, num=num, pct=filled, **look)


@register.inclusion_tag("components/circle.html")
def circle(
    *,
    people: Iterable[Any],
    label: str,
    mid: str = "",
    mid_note: str = "",
    ring: str = "closed",
    mini: bool = False,
) -> dict[str, object]:
    """People round a table, from `base.ring.Seat`s or the like. More than ten become a list."""
    sitting = list(people)
    return {
        "people": sitting,
        "n": len(sitting),
        "as_list": not 2 <= len(sitting) <= geometry.MOST,
        "label": label,
        "mid": mid,
        "mid_note": mid_note,
        "open": ring == "open",
        "mini": mini,
    }


@register.simple_tag
def avatar(*, name: str, hue: str = "", size: str = "") -> SafeString:
    """Initials in a disc; the name itself must stand in text beside it."""
    shape = f"avatar avatar--{size}" if size else "avatar"
    hue = hue or geometry.hue_of(name)
    return format_html(
        '<span class="{}" data-hue="{}" aria-hidden="true">{}</span>', shape, hue, geometry.initials(name)
    )


@register.simple_tag
def person(*, name: str, meta: str = "", hue: str = "", size: str = "") -> SafeString:
    """A person in a list: disc, name, and one small line."""
    small = format_html("<small>{}</small>", meta) if meta else ""
    disc = avatar(name=name, hue=hue, size=size)
    return format_html('<span class="person">{}<span><b>{}</b>{}</span></span>', disc, name, small)


@register.simple_tag
def pips(*, on: int, of: int, label: str = "", large: bool = False) -> SafeString:
    """A row of dots for steps or meetings, never for people."""
    filled = min(on, of)
    dots = SafeString('<i class="on"></i>' * filled + "<i></i>" * (of - filled))
    said = attributes(role="img", aria_label=label) if label else attributes(aria_hidden="true")
    return format_html('<span class="pips{}"{}>{}</span>', " pips--l" if large else "", said, dots)


# --- words ------------------------------------------------------------------------------------


@register.filter
def words(value: Translations | Mapping[str, str] | str | None) -> str:
    """Text in the reader's language; a fallback is marked with the language it is in."""
    if not isinstance(value, Mapping):
        return str(value or "")
    text, language = Translations(value).words()
    if language == (get_language() or "en"):
        return text
    return format_html('<span lang="{}">{}</span>', language, text)


@register.filter
def long_words(value: object) -> str:
    """How long the longest word is, for a large title: "" up to 14 letters, then "1", "2" (19), "3" (25)."""
    longest = max(map(len, re.findall(r"\w+", str(value))), default=0)
    return str((longest > 14) + (longest > 18) + (longest > 24) or "")


@register.filter
def initials(name: str) -> str:
    """Two letters of a name."""
    return geometry.initials(name)


@register.filter
def day(moment: date | datetime | None, zone: str = "") -> str:
    """Tue 26 January · ti 26.1. · tis 26.1"""
    return dates.day(moment, zone) if moment else ""


@register.filter
def full_day(moment: date | datetime | None, zone: str = "") -> str:
    """Tuesday 26 January 2027 · tiistai 26.1.2027 · tisdag 26 januari 2027"""
    return dates.full_day(moment, zone) if moment else ""


@register.filter
def clock(moment: datetime | None, zone: str = "") -> str:
    """14.30"""
    return dates.clock_time(moment, zone) if moment else ""


@register.filter
def hours(minutes: int | None) -> str:
    """450 → 7.5 h, 7,5 h in Finnish and Swedish."""
    return dates.hours(minutes or 0)


@register.simple_tag
def times(*, start: datetime, end: datetime | None = None, zone: str = "") -> str:
    """14.30–16.00"""
    return dates.times(start, end, zone)


@register.simple_tag
def days(*, first: date, last: date) -> str:
    """Two days as one span."""
    return dates.days(first, last)


@register.simple_tag
def when(*, start: datetime, end: datetime | None = None, zone: str = "") -> SafeString:
    """Tue 26 January, 14.30–16.00, readable for machines too."""
    words = {"day": dates.day(start, zone), "times": dates.times(start, end, zone)}
    said = gettext("%(day)s, %(times)s") % words
    return format_html('<time datetime="{}">{}</time>', start.isoformat(), said)


@register.inclusion_tag("components/day_badge.html")
def day_badge(*, day: date | datetime, zone: str = "") -> dict[str, object]:
    """Weekday, day and month in a small column at the start of a row."""
    return {"day": dates.local(day, zone)}


@register.simple_tag
def badge(*, text: str, tone: str = "", hue: str = "", icon: str = "") -> SafeString:
    """A word about a thing's state. Tones: good, watch, care, info; they always come with an icon."""
    name = icon or TONES.get(tone, "")
    picture = _icon(name, "") if name else ""
    look = attributes(data_tone=tone, data_hue=hue)
    return format_html('<span class="badge"{}>{}{}</span>', look, picture, text)


@register.simple_block_tag
def notice(content: str, *, tone: str = "info", icon: str = "", role: str = "") -> SafeString:
    """{% notice tone="good" %}A sentence: what happened, then what to do.{% endnotice %}"""
    look = attributes(data_tone="" if tone == "info" else tone, role=role)
    return format_html(
        '<div class="notice"{}>{}<span>{}</span></div>', look, _icon(icon or TONES[tone], ""), content
    )


# --- lists and meters -------------------------------------------------------------------------


@register.inclusion_tag("components/facts.html")
def facts(*, items: Iterable[tuple[str, object]], line: bool = False) -> dict[str, object]:
    """Large label–value pairs, from (label, value)."""
    return {"items": items, "line": line}


@register.inclusion_tag("components/pairs.html")
def pairs(*, items: Iterable[tuple[str, object]]) -> dict[str, object]:
    """Small label–value pairs, from (label, value)."""
    return {"items": items}


@register.simple_tag
def bar(*, value: float, most: float, label: str, tone: str = "", hue: str = "") -> SafeString:
    """How much of the most there can be. Never of a person."""
    return format_html(
        '<progress class="bar" value="{}" max="{}" aria-label="{}"{}></progress>',
        min(value, most),
        most,
        label,
        attributes(data_tone=tone, data_hue=hue),
    )


@register.inclusion_tag("components/hours_meter.html")
def hours_meter(*, minutes: int, most: int) -> dict[str, object]:
    """Hours a group has used of the hours it is meant to have."""
    return {"minutes": minutes, "most": most}


@register.inclusion_tag("components/timeline.html")
def timeline(*, items: Iterable[Any], label: str = "") -> dict[str, object]:
    """What was and what comes. Items have title, and may have when, text, url, state (done, now)."""
    return {"items": items, "label": label}


@register.inclusion_tag("components/steps.html")
def steps(*, items: Iterable[Any], label: str) -> dict[str, object]:
    """Steps of a form or a year. Items have label and state (done, now or nothing), and may have url."""
    return {"items": items, "label": label}


@register.inclusion_tag("components/phases.html")
def phases(*, items: Iterable[Any], label: str) -> dict[str, object]:
    """Parts of a year side by side. Items have title, text, state (done, now or nothing), perhaps small."""
    return {"items": items, "label": label}


@register.inclusion_tag("components/tabs.html", takes_context=True)
def tabs(context: dict[str, Any], *, items: Iterable[tuple[str, str]], label: str) -> dict[str, object]:
    """Neighbouring pages, from (address, label); the one being read, or the page's `here`, is marked."""
    request = context.get("request")
    return {"items": items, "label": label, "here": context.get("here") or (request.path if request else "")}


@register.inclusion_tag("components/tasks.html")
def tasks(*, items: Iterable[Any]) -> dict[str, object]:
    """What is asked of you. Items have title, text, state (now, done or nothing), and may have url, deed."""
    return {"items": items}


@register.simple_block_tag
def empty(content: str, *, title: str, text: str = "", seats: str = "", level: int = 3) -> SafeString:
    """Nothing here yet: a sentence that says what happens next, and at most one button as content."""
    picture = _glyph(seats, ring="open", data_size="l") if seats else ""
    heading = format_html('<h{0} class="h3">{1}</h{0}>', level, title)
    below = format_html("<p>{}</p>", text) if text else ""
    return format_html('<div class="card empty">{}{}{}{}</div>', picture, heading, below, content)


# --- forms ------------------------------------------------------------------------------------


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "control"


def _shape(widget: forms.Widget) -> str:
    if isinstance(widget, forms.Select):
        return "select"
    return "textarea" if isinstance(widget, forms.Textarea) else "input"


@register.inclusion_tag("components/field.html")
def field(*, bound: BoundField, quiet: bool = False) -> dict[str, object]:
    """A form field: label, hint, control, error, in this order. `quiet` leaves out "optional"."""
    widget = bound.field.widget
    kind = _kind(widget)
    own = widget.attrs.get("class", "")
    look: dict[str, str | bool] = {}
    if kind == "control":
        look["class"] = f"{_shape(widget)} {own}".strip()
    return {
        "bound": bound,
        "kind": "hidden" if bound.is_hidden else kind,
        "control": bound.as_widget(attrs=look),
        "optional": not bound.field.required and kind == "control" and not quiet,
    }


@register.inclusion_tag("components/form_errors.html")
def form_errors(*, form: BaseForm, focus: bool = True) -> dict[str, object]:
    """What is wrong with a form as a whole, and links to the fields that need another look."""
    return {
        "form": form,
        "focus": focus,
        "fields": [bound for bound in form if bound.errors and not bound.is_hidden],
    }


# --- the shell --------------------------------------------------------------------------------


@register.inclusion_tag("components/nav_link.html", takes_context=True)
def nav_link(
    context: dict[str, Any], *, url: str, icon: str, label: str, name: str = "", exact: bool = False
) -> dict[str, object]:
    """A link of the main navigation; nothing when `url` is empty (a room not there).

    Current when the page's `nav` is `name`, or, for pages that say no `nav`, by its address.
    """
    request = context.get("request")
    path = request.path if request else ""
    by_path = bool(url) and (path == url or (path.startswith(url) and url != "/" and not exact))
    chosen = context.get("nav")
    return {"url": url, "icon": icon, "label": label, "current": chosen == name if chosen else by_path}


@register.inclusion_tag("components/language_switch.html", takes_context=True)
def language_switch(context: dict[str, Any]) -> dict[str, object]:
    """Three buttons that change the language and come back to the same page, or to the page's `here`."""
    request = context.get("request")
    back = request.get_full_path() if request and request.method == "GET" else "/"
    return {
        "languages": LANGUAGE_NAMES,
        "now": get_language(),
        "next": context.get("here") or back,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("components/messages.html")
def page_messages(*, messages: Iterable[Any]) -> dict[str, object]:
    """What the last deed said, one notice each."""
    return {"messages": messages}


@register.filter
def message_tone(message: Any) -> str:
    """The tone of a message by its level."""
    return {"success": "good", "warning": "watch", "error": "care"}.get(message.level_tag, "info")
