"""What workers do for the room: large files, and what line managers were asked."""

from datetime import timedelta

from piiri.base.work import Work
from piiri.enrolments import actions, queries

WORK = [
    Work(
        "import",
        row="21",
        due=queries.imports_to_go_on,
        do=actions.go_on,
        lease=timedelta(minutes=2),
        heavy=True,
        atomic=False,
        tries=3,
        give_up=actions.stop,
    ),
    Work("follow-up", row="83", due=queries.approvals_due, do=actions.follow_up),
    Work("end-approvals", row="83", do=actions.end_approvals, every=timedelta(minutes=1)),
    Work("keep-managers-apart", row="20", do=actions.keep_managers_apart, every=timedelta(minutes=2)),
    # What is let go is offered to the next in the same round.
    Work("lapse", row="17", due=queries.offers_to_lapse, do=actions.lapse_place),
    Work("mend-lists", row="16", do=actions.mend_lists, every=timedelta(seconds=5)),
    Work("offer", row="17", do=actions.offer_free_places),
    Work("finish-merges", row="18", do=actions.finish_merges, every=timedelta(seconds=20)),
    Work("forget-unconfirmed", row="12", do=actions.forget_unconfirmed, every=timedelta(minutes=10)),
    Work(
        "bulk",
        row="15",
        due=queries.bulks_to_go_on,
        do=actions.go_on_deciding,
        atomic=False,
        give_up=actions.give_up_bulk,
    ),
    Work("forget-imports", row="21", do=actions.forget_imports, every=timedelta(hours=1)),
    Work("match-conflicts", row="20", do=actions.match_all_conflicts, every=timedelta(seconds=30)),
    Work("welcome-newcomers", row="127", do=actions.welcome_newcomers, every=timedelta(seconds=20)),
]
