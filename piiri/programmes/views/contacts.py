"""Whom people of groups can talk to in confidence."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from piiri.base import clock
from piiri.base.doors import door
from piiri.base.errors import Refused
from piiri.programmes import actions, forms, queries
from piiri.programmes.rules import ContactRefusal
from piiri.programmes.views.setup import PersonRequest, office_of


@door("4")
@login_required
@require_http_methods(["GET", "POST"])
def contacts(request: PersonRequest, programme: str) -> HttpResponse:
    """Name the contact person and the second contact."""
    row = office_of(request, programme)
    form = forms.ContactsForm(
        request.POST or None, office=queries.office_people(row), initial=forms.begin_contacts(row)
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.name_contacts(row, by=request.user, now=clock.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(
                "second" if refusal.reason == ContactRefusal.SAME_PERSON else None, refusal.sentence
            )
        else:
            messages.success(request, _("Saved."))
            return redirect("programmes:contacts", row.uid)
    page = {"programme": row, "form": form, "nav": "setup"}
    return render(request, "programmes/contacts.html", page, status=422 if form.errors else 200)
