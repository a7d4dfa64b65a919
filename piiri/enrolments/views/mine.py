"""What the programme page says to one reader alone: loaded apart, so that the page can be everybody's."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from piiri.base import clock, kept, spoken
from piiri.base.doors import door
from piiri.enrolments import access, queries, rules
from piiri.enrolments.rules import Stage
from piiri.enrolments.views import cards
from piiri.enrolments.views.look import A_PAGE, Look, Show
from piiri.enrolments.views.page import numbers_of
from piiri.enrolments.views.programme import published_or_own
from piiri.groups import access as group_access
from piiri.groups import queries as group_queries
from piiri.groups.queries import OnShow
from piiri.programmes import access as programme_access
from piiri.programmes.models import Programme


class Reading(HttpRequest):
    """A request that knows whether a script asked for a fragment."""

    htmx: bool


@door("110")
@never_cache
@require_GET
def mine(request: Reading, organisation_slug: str, programme_slug: str) -> HttpResponse:
    """One's own application, name and sensitive themes; a page of its own for those without script.

    A visitor's page is right as it is, so a browser without a session gets nothing at all.
    """
    if request.htmx and settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return HttpResponse(status=204)
    row = published_or_own(request.user, organisation_slug, programme_slug)
    page = own_part(request, row, now=clock.now())
    if not request.htmx:
        return render(request, "enrolments/mine.html", page | {"free": free_in(row)})
    with translation.override(spoken.asked_for(request) or translation.get_language()):
        return render(request, "enrolments/mine_part.html", page)


def free_in(programme: Programme) -> int:
    """Free places where they are taken by a press; elsewhere nobody asks."""
    return group_queries.free_count(programme) if programme.rules.enrol_way == "place" else 0


def own_part(request: HttpRequest, programme: Programme, *, now: datetime) -> dict[str, Any]:
    """Where the reader stands in this programme."""
    person, stage = request.user, rules.stage(programme, now=now)
    own = access.own_open_application_of(person, programme)
    look = Look(page=Look.of(request.GET).page, lang=spoken.asked_for(request))
    slugs = [programme.organisation.slug, programme.slug]
    return {
        "programme": programme,
        "organisation": programme.organisation,
        "stage": stage,
        "is_open": stage == Stage.OPEN,
        "is_over": stage == Stage.OVER,
        "mine": own,
        "state": queries.state_of(own) if own else None,
        "may_apply": bool(own) or access.can_apply(person, programme),
        "runs": programme_access.can_edit_programme(person, programme),
        "can_offer": group_access.can_offer_group(person, programme),
        "enrol": reverse("enrolments:enrol", args=slugs),
        "here": reverse("enrolments:programme", args=slugs),
        "sensitive": sensitive_part(programme, look=look, now=now) if person.is_authenticated else "",
    }


def sensitive_part(programme: Programme, *, look: Look, now: datetime) -> SafeString:
    """Cards of themes that only somebody signed in reads of; alike for all of them, so kept like the page.

    Http404 for a part of the list that is not there.
    """
    if rules.stage(programme, now=now) == Stage.OVER:
        return SafeString("")
    spoken_now = look.lang or translation.get_language()

    def made() -> tuple[str, dict[str, str]]:
        with translation.override(spoken_now):
            return drawn(programme, look=look, now=now), {}

    # No address looks like this, so nobody is answered with it alone.
    page = kept.shelf.get(kept.Key(programme.uid, f"sensitive&{look.query}", spoken_now), made)
    return mark_safe(page.body.decode())  # noqa: S308 - drawn by our own templates


def drawn(programme: Programme, *, look: Look, now: datetime) -> str:
    """One part of the sensitive cards, with links to the others where there are more than one."""
    shown = group_queries.cards(programme, sensitive=True, skip=look.skip, most=A_PAGE)
    if not shown and look.page > 1:
        raise Http404
    if not shown:
        return ""
    # Only a full part may have others: elsewhere nobody counts.
    some = look.page > 1 or len(shown) == A_PAGE
    counts = group_queries.counts_on_show(programme, sensitive=True) if some else OnShow(len(shown), 0)
    numbers = numbers_of(programme, [card.pk for card in shown])
    mine = reverse("enrolments:mine", args=[programme.organisation.slug, programme.slug])
    told = {
        "cards": cards.gallery(shown, programme=programme, numbers=numbers, now=now),
        "leaves": Show(look, counts, at=mine, to="hidden").leaves,
    }
    return render_to_string("enrolments/sensitive.html", told)
