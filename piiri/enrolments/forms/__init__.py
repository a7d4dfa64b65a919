"""What people write at the doors of this room, cleaned."""

from piiri.enrolments.forms.applying import OTHER, ApplicationForm, Paper
from piiri.enrolments.forms.conflicts import BecomeManagerForm, ConflictsForm, MeantForm, PairForm
from piiri.enrolments.forms.importing import ColumnsForm, DecideForm, TakeForm, UploadForm
from piiri.enrolments.forms.lists import MoveForm
from piiri.enrolments.forms.managing import AgreementForm, ManagersForm
from piiri.enrolments.forms.office import DecisionForm, GroupForm, ReasonForm, TableForm
from piiri.enrolments.forms.seats import BuddyForm, JoinForm, LeaveForm, OpenGroupForm
from piiri.enrolments.forms.starting import DayForm, MergeForm, StartsForm, WhyForm
from piiri.enrolments.forms.taking import BEGINNINGS, HONEY, AboutForm, PlaceForm, Pressed

__all__ = [
    "BEGINNINGS",
    "HONEY",
    "OTHER",
    "AboutForm",
    "AgreementForm",
    "ApplicationForm",
    "BecomeManagerForm",
    "BuddyForm",
    "ColumnsForm",
    "ConflictsForm",
    "DayForm",
    "DecideForm",
    "DecisionForm",
    "GroupForm",
    "JoinForm",
    "LeaveForm",
    "ManagersForm",
    "MeantForm",
    "MergeForm",
    "MoveForm",
    "OpenGroupForm",
    "PairForm",
    "Paper",
    "PlaceForm",
    "Pressed",
    "ReasonForm",
    "StartsForm",
    "TableForm",
    "TakeForm",
    "UploadForm",
    "WhyForm",
]
