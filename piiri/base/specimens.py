"""What the design page shows: every component's states, with invented people."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from piiri.base.fields import Translations
from piiri.base.forms import SpecimenForm
from piiri.base.ring import Seat

GLYPHS = [
    {
        "seats": "mpppppfff",
        "num": "3",
        "text": "Open: five participants, three free places, the mentor on top",
    },
    {"seats": "mppff", "ring": "open", "text": "Forming: dotted ring under the minimum"},
    {"seats": "mppnppp", "text": "Turn: orange is now"},
    {"seats": "mpappwp", "text": "Who is coming, in the group’s own eyes: away, not answered"},
    {"seats": "mppppp", "hours_pct": 42, "text": "Health: the table fills with hours"},
    {"seats": "mppppp", "tone": "watch", "hours_pct": 60, "text": "Worth a glance: orange ring"},
    {"seats": "mppppp", "tone": "care", "num": "0", "text": "Needs care: red ring"},
    {"seats": "aaaaaa", "tone": "rest", "text": "Rest: summer, paused"},
    {"seats": "m" + "p" * 12, "num": "12", "text": "Over ten seats: the ring with the number"},
]
PEOPLE = [
    Seat("Aino Lehtonen", note="mentor", small="mentor"),
    Seat("Mikael Sandström", state="done"),
    Seat("Fatima Hassan", state="now", note="is speaking now"),
    Seat("Noora Salmi", you=True, state="todo"),
    Seat("Elias Virtanen", state="away", note="is away"),
    Seat("Free place", state="free"),
    Seat("Sofia Nyberg", state="todo", note="has not answered"),
]
HUES = ["spruce", "lake", "heather", "moss", "clay", "fjord"]
SWATCHES = [
    "bg", "surface", "sunk", "ink", "ink-2", "ink-3", "line-strong", "brand", "brand-soft", "now", "now-soft",
    "care", "info", "lake", "heather", "moss", "clay", "fjord",
]  # fmt: skip
TIMELINE = [
    {"title": "Opening day", "when": "Tue 15 September", "state": "done", "text": "38 people came."},
    {"title": "Third meeting", "when": "Tue 24 November", "state": "now", "text": "14.30–16.00"},
    {"title": "Closing day", "when": "Wed 26 May"},
]
STEPS = [
    {"label": "Themes", "state": "done", "url": "#steps"},
    {"label": "Times", "state": "now"},
    {"label": "Workplace", "state": ""},
]
PHASES = [
    {"title": "Preparation", "text": "What do I hope for?", "state": "done", "small": "Both answered"},
    {"title": "Enabling growth", "text": "Meet, try, come back to it", "state": "now"},
    {"title": "Closure", "text": "Look back, thank", "state": "", "small": "In May"},
]
TASKS = [
    {
        "title": "Say when you can meet",
        "text": "Until Friday",
        "state": "now",
        "url": "#tasks",
        "deed": "Mark times",
    },
    {"title": "Sign the agreement", "text": "5 of 6 have", "state": "", "url": "#tasks", "deed": "Read it"},
    {"title": "Choose your themes", "text": "You chose two", "state": "done"},
]


def wrong_form() -> SpecimenForm:
    """The form with every kind of error."""
    form = SpecimenForm({"email": "noora@"}, auto_id="wrong_%s")
    form.add_error(None, "Enrolment closed while you were writing. Nothing was sent.")
    return form


def all_of_them(moment: datetime) -> dict[str, Any]:
    """The context of the design page; `moment` is shown as a day and a time."""
    return {
        "glyphs": GLYPHS,
        "people": PEOPLE,
        "first_names": [replace(seat, call=seat.name.split()[0], small="") for seat in PEOPLE],
        "pair": [Seat("Helena Rautio", note="mentor"), Seat("Oskari Mäki", you=True)],
        "crowd": [Seat(f"Person {letter}") for letter in "ABCDEFGHIJKL"],
        "hues": HUES,
        "swatches": SWATCHES,
        "timeline_items": TIMELINE,
        "step_items": STEPS,
        "phase_items": PHASES,
        "task_items": TASKS,
        "fact_items": [("Meetings", "8"), ("Hours", "18 h"), ("Places", "3 of 8 free")],
        "pair_items": [("Weekday", "Tuesdays"), ("Language", "Finnish")],
        "tab_items": [("/design/", "This page"), ("#tabs", "Another page")],
        "form": SpecimenForm(initial={"name": "Noora Salmi", "place": "near", "languages": ["fi"]}),
        "wrong": wrong_form(),
        "start": moment,
        "end": moment + timedelta(minutes=90),
        "only_finnish": Translations(fi="Ryhmä, joka tapaa ulkona"),
    }
