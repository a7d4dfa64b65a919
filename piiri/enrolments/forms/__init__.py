"""What people write at the doors of this room, cleaned."""

from piiri.enrolments.forms.applying import OTHER, ApplicationForm, DeclineForm, ListForm, PairForm, Paper

__all__ = ["OTHER", "ApplicationForm", "DeclineForm", "ListForm", "PairForm", "Paper"]
