"""All addresses."""

from django.urls import include, path

# No address fits two patterns, so the order is one of speed only: what thousands open at once comes first.
urlpatterns = [
    path("", include("piiri.base.urls")),  # makes the uids of all others known
    path("", include("piiri.enrolments.urls")),
    path("", include("piiri.home.urls")),
    path("", include("piiri.people.urls")),
    path("", include("piiri.networks.urls")),
    path("", include("piiri.programmes.urls")),
    path("", include("piiri.groups.urls")),
    path("", include("piiri.formation.urls")),
    path("", include("piiri.agreements.urls")),
    path("", include("piiri.meetings.urls")),
    path("", include("piiri.notes.urls")),
    path("", include("piiri.hours.urls")),
    path("", include("piiri.desk.urls")),
]
handler400 = "piiri.base.views.not_understood"
handler404 = "piiri.people.views.nothing_here"
handler403 = "piiri.base.views.not_allowed"
handler500 = "piiri.base.views.our_fault"
