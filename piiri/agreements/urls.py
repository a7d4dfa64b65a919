"""Addresses of the room."""

from django.urls import path

from piiri.agreements.views import agreement, clauses, goals, own

app_name = "agreements"
HERE = "groups/<uid:group>/agreement/"
GOALS = "groups/<uid:group>/goals/"
urlpatterns = [
    path(HERE, agreement.agreement, name="agreement"),
    path(f"{HERE}begin/", agreement.begin, name="begin"),
    path(f"{HERE}sign/", agreement.sign, name="sign"),
    path(f"{HERE}history/", agreement.history, name="history"),
    path(f"{HERE}draft/", agreement.draft, name="draft"),
    path(f"{HERE}draft/ready/", agreement.make_ready, name="make-ready"),
    path(f"{HERE}draft/away/", agreement.put_away_draft, name="put-away-draft"),
    path(f"{HERE}clauses/new/", clauses.add_clause, name="add-clause"),
    path(f"{HERE}clauses/<uid:clause>/", clauses.change_clause, name="change-clause"),
    path(f"{HERE}clauses/<uid:clause>/out/", clauses.leave_out_clause, name="leave-out-clause"),
    path(f"{GOALS}new/", goals.suggest_goal, name="suggest-goal"),
    path(f"{GOALS}own/", own.own_goals, name="own-goals"),
    path(f"{GOALS}<uid:goal>/change/", goals.change_goal, name="change-goal"),
    path(f"{GOALS}<uid:goal>/agree/", goals.agree_to_goal, name="agree-to-goal"),
    path(f"{GOALS}<uid:goal>/back/", goals.take_back_suggestion, name="take-back-suggestion"),
    path(f"{GOALS}<uid:goal>/end/", goals.end_goal, name="end-goal"),
]
