"""What people write at the doors of this room, cleaned."""

from piiri.enrolments.forms.applying import OTHER, ApplicationForm, DeclineForm, ListForm, Paper
from piiri.enrolments.forms.conflicts import PairForm
from piiri.enrolments.forms.importing import ColumnsForm, DecideForm, TakeForm, UploadForm

__all__ = [
    "OTHER",
    "ApplicationForm",
    "ColumnsForm",
    "DecideForm",
    "DeclineForm",
    "ListForm",
    "PairForm",
    "Paper",
    "TakeForm",
    "UploadForm",
]
