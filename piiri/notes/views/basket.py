"""The basket of topics: putting one in, voting, ticking off."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from piiri.base import clock
from piiri.base.doors import door, found
from piiri.groups.models import Group
from piiri.notes import actions, forms, queries, rules
from piiri.notes.models import Line
from piiri.notes.views import around, one_group, one_line, open_to, page_of, reader, written


@door("44")
@login_required
@require_http_methods(["GET", "POST"])
def topics(request: HttpRequest, group: str) -> HttpResponse:
    """What the group could talk about, what most would like first."""
    row = one_group(request, group)
    form = forms.TopicForm(request.POST or None)
    if line := written(request, form, actions.write, row, kind=Line.Kind.TOPIC):
        return redirect(page_of(line))
    status = 422 if form.is_bound else 200
    words = around(request, row) | {"form": form} | listed(request, row)
    return render(request, "notes/topics.html", words, status=status)


def listed(request: HttpRequest, group: Group) -> dict[str, object]:
    """The topics still open and those taken up."""
    rows = open_to(request, queries.topics(group, reader=reader(request)))
    shown = queries.showing(rows, reader=reader(request))
    return {
        "group": group,
        "programme": group.programme,
        "can_write": rules.why_not_write(group) is None,
        "open": [one for one in shown if not one.line.done_at],
        "done": [one for one in shown if one.line.done_at],
    }


def one_topic(request: HttpRequest, uid: str) -> Line:
    """A topic of a group the person sits in."""
    row = one_line(request, uid)
    found(row if row.kind == Line.Kind.TOPIC else None)
    return row


def answered(request: HttpRequest, line: Line) -> HttpResponse:
    """The list anew for htmx, the page for everybody else."""
    if request.headers.get("HX-Request") == "true":
        return render(request, "notes/_topics.html", listed(request, line.group))
    return redirect(page_of(line))


@door("44")
@login_required
@require_POST
def vote(request: HttpRequest, topic: str) -> HttpResponse:
    """Give one's vote to a topic, or take it back."""
    row = one_topic(request, topic)
    wanted = request.POST.get("wanted") == "yes"
    actions.vote(row, wanted=wanted, by=reader(request), now=clock.now())
    return answered(request, row)


@door("44")
@login_required
@require_POST
def done(request: HttpRequest, topic: str) -> HttpResponse:
    """Say that the group has taken a topic up, or has not after all."""
    row = one_topic(request, topic)
    is_done = request.POST.get("done") == "yes"
    actions.take_up(row, done=is_done, by=reader(request), now=clock.now())
    return answered(request, row)
