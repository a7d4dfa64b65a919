"""Applications with ranked wishes, their turns and approvals, and the imports that bring them from files."""

from piiri.enrolments.models.applications import (
    Application,
    ApplicationQuerySet,
    Conflict,
    Unconfirmed,
    Waiting,
    WaitingQuerySet,
    Wish,
)
from piiri.enrolments.models.bulk import Bulk, BulkLine
from piiri.enrolments.models.importing import Brought, ImportFile, SavedMapping
from piiri.enrolments.models.managers import Approval, ApprovalQuerySet, LineManager

__all__ = [
    "Application",
    "ApplicationQuerySet",
    "Approval",
    "ApprovalQuerySet",
    "Brought",
    "Bulk",
    "BulkLine",
    "Conflict",
    "ImportFile",
    "LineManager",
    "SavedMapping",
    "Unconfirmed",
    "Waiting",
    "WaitingQuerySet",
    "Wish",
]
