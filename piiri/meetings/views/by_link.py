"""The door of an invitation's mail: say without signing in that one comes, cannot, or will be late."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from piiri.base import clock
from piiri.base.doors import door, found
from piiri.base.errors import Refused
from piiri.meetings import access, actions, forms, queries, rules

ROBOTS = "noindex, nofollow, noarchive"


@door("182")
@never_cache
@require_http_methods(["GET", "POST"])
def coming(request: HttpRequest, meeting: str, invited: str, invited_signature: str) -> HttpResponse:
    """GET shows and changes nothing, POST acts. Whoever holds the link answers for the person."""
    row, person = found(
        access.visible_reply(request.user, meeting=meeting, invited=invited, given=invited_signature)
    )
    form, sentence = forms.AnswerForm(request.POST or None), ""
    if form.is_valid():
        try:
            actions.answer(row, person=person, by=person, now=clock.now(), **form.cleaned_data)
        except Refused as refusal:
            sentence = refusal.sentence
        else:
            return redirect(request.path)
    page = {
        "meeting": row,
        "said": queries.answer_of(person, row),
        "reason": rules.why_not_answer(row, now=clock.now()),
        "late": rules.LATE if rules.why_not_be_late(row, now=clock.now()) is None else (),
        "sentence": sentence,
    }
    response = render(request, "meetings/coming.html", page, status=409 if sentence else 200)
    response.headers["X-Robots-Tag"] = ROBOTS
    return response
