"""What the worker does for the trail."""

from datetime import timedelta

from piiri.audit import actions
from piiri.base.work import Work

WORK = [Work("link", row="77", do=actions.link_entries, every=timedelta(seconds=5))]
