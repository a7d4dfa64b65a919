"""What the office writes when it sets up a year, cleaned."""

from piiri.programmes.forms.about import AboutForm, BeginForm, CoordinatorForm, begin_about
from piiri.programmes.forms.contacts import ContactsForm, begin_contacts
from piiri.programmes.forms.days import DatesForm, EventForm, begin_dates, begin_event
from piiri.programmes.forms.page import PageForm, QuestionFormSet, begin_page, begin_question
from piiri.programmes.forms.parameters import RulesForm
from piiri.programmes.forms.rows import (
    BreakFormSet,
    SessionFormSet,
    ThemeFormSet,
    begin_break,
    begin_session,
    begin_theme,
)

__all__ = [
    "AboutForm",
    "BeginForm",
    "BreakFormSet",
    "ContactsForm",
    "CoordinatorForm",
    "DatesForm",
    "EventForm",
    "PageForm",
    "QuestionFormSet",
    "RulesForm",
    "SessionFormSet",
    "ThemeFormSet",
    "begin_about",
    "begin_break",
    "begin_contacts",
    "begin_dates",
    "begin_event",
    "begin_page",
    "begin_question",
    "begin_session",
    "begin_theme",
]
