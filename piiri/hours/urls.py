"""Addresses of the room."""

from django.urls import path

from piiri.hours.views import managing, stating

MANAGER = "manager/<uid:manager>/<uid:manager_signature>/"

app_name = "hours"
urlpatterns = [
    path("hours/", stating.mine, name="mine"),
    path("office/<uid:programme>/hours/", stating.office, name="office"),
    path("office/<uid:programme>/hours/statements/", stating.freeze, name="freeze"),
    path("office/<uid:programme>/hours/<uid:person>/", stating.person, name="person"),
    path("statements/<uid:statement>/hours.csv", stating.as_csv, name="csv"),
    path("statements/<uid:statement>/hours.xlsx", stating.as_xlsx, name="xlsx"),
    path(MANAGER, managing.manager, name="manager"),
    path(f"{MANAGER}answer/", managing.answer_approvals, name="answer-approvals"),
    path(f"{MANAGER}calendar.ics", managing.manager_calendar, name="manager-calendar"),
]
