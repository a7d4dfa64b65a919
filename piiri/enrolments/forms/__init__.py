"""What people write at the doors of this room, cleaned."""

from piiri.enrolments.forms.applying import OTHER, ApplicationForm, DeclineForm, ListForm, Paper
from piiri.enrolments.forms.conflicts import PairForm
from piiri.enrolments.forms.importing import ColumnsForm, DecideForm, TakeForm, UploadForm
from piiri.enrolments.forms.taking import HONEY, PressForm

__all__ = [
    "HONEY",
    "OTHER",
    "ApplicationForm",
    "ColumnsForm",
    "DecideForm",
    "DeclineForm",
    "ListForm",
    "PairForm",
    "Paper",
    "PressForm",
    "TakeForm",
    "UploadForm",
]
