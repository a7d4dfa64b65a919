"""What workers do for the room: read and take large files, forget what files said."""

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
    Work("forget-imports", row="21", do=actions.forget_imports, every=timedelta(hours=1)),
]
