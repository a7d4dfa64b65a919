"""What the tests of the office's decisions begin with."""

from piiri.enrolments import actions
from piiri.enrolments.actions import Order, Sent
from piiri.enrolments.tests.factories import ApplicationFactory
from piiri.groups.tests.factories import NOW
from piiri.mail.models import Message

WHY = "There are more wishes than places this year."


def applied(theme, number=1, **about):
    """One application that wishes for the theme, or a list of so many in their order."""
    made = [
        ApplicationFactory(programme=theme.programme, wishes=[theme], order=place + 1, **about)
        for place in range(number)
    ]
    return made if number > 1 else made[0]


def states(theme):
    rows = theme.programme.applications.order_by("pk")
    return [one.state for one in rows]


def kinds():
    return sorted(Message.objects.values_list("kind", flat=True))


def decide(theme, rows, *, by, deed="decline", group=None, words=WHY, key="one"):
    """Decide the same about these; the path that says what became of it."""
    order = Order(deed, words if deed != "place" else "", group)
    return actions.decide_about(
        theme.programme,
        order=order,
        applications=[one.pk for one in rows],
        sent=Sent(key, f"{deed} {len(rows)}"),
        by=by,
        now=NOW,
    )
