"""Addresses of the room."""

from django.urls import path

from piiri.enrolments.views import (
    applications,
    applying,
    conflicts,
    groups,
    importing,
    lists,
    managing,
    offers,
    programme,
)

PAGE = "p/<slug:organisation_slug>/<slug:programme_slug>/"
OFFICE = "office/<uid:programme>/"
IMPORT = "imports/<uid:import_file>/"

app_name = "enrolments"
urlpatterns = [
    path(PAGE, programme.programme, name="programme"),
    path(f"{PAGE}groups/<uid:group>/", groups.group, name="group"),
    path(f"{PAGE}groups/<uid:group>/take/", groups.take, name="take"),
    path(f"{PAGE}enrol/", applying.enrol, name="enrol"),
    path(f"{PAGE}enrol/code/", applying.code, name="code"),
    path("applications/<uid:application>/", applications.application, name="application"),
    path("applications/<uid:application>/withdraw/", applications.withdraw, name="withdraw"),
    path("offers/<uid:offer>/", offers.offer, name="offer"),
    path("offers/<uid:offer>/<uid:offer_signature>/", offers.offer_by_mail, name="offer-by-mail"),
    path("turns/<uid:turn>/leave/", offers.leave_list, name="leave-list"),
    path(f"{OFFICE}lists/", lists.lists, name="lists"),
    path(f"{OFFICE}lists/<uid:turn>/", lists.move_turn, name="move-turn"),
    path(f"{OFFICE}applications/", office.applications, name="applications"),
    path(f"{OFFICE}applications/csv/", office.applications_csv, name="applications-csv"),
    path(f"{OFFICE}applications/xlsx/", office.applications_xlsx, name="applications-xlsx"),
    path(f"{OFFICE}applications/decide/", deciding.decide, name="decide"),
    path(f"{OFFICE}applications/<uid:application>/", office.office_application, name="office-application"),
    path("decisions/<uid:bulk>/", deciding.bulk, name="bulk"),
    path(f"{OFFICE}kept-apart/", conflicts.kept_apart, name="kept-apart"),
    path(f"{OFFICE}kept-apart/<uid:pair>/", conflicts.decide_pair, name="decide-pair"),
    path(f"{OFFICE}managers/", managing.managers, name="managers"),
    path(f"{OFFICE}managers/<uid:approval>/remind/", managing.remind_manager, name="remind-manager"),
    path(f"{OFFICE}managers/<uid:approval>/agreed/", managing.note_agreement, name="note-agreement"),
    path(f"{OFFICE}import/", importing.imports, name="imports"),
    path(f"{OFFICE}import/tell/", importing.tell_brought, name="tell-brought"),
    path(IMPORT, importing.import_file, name="import-file"),
    path(f"{IMPORT}columns/", importing.import_columns, name="import-columns"),
    path(f"{IMPORT}decide/", importing.decide_import, name="decide-import"),
    path(f"{IMPORT}take/", importing.take_import, name="take-import"),
    path(f"{IMPORT}discard/", importing.discard_import, name="discard-import"),
]
