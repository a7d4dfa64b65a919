"""Who may see and do what with applications and imports."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from piiri.enrolments import confirm_link, offer_link
from piiri.enrolments.models import Application, Approval, Bulk, Conflict, ImportFile, Unconfirmed, Waiting
from piiri.groups import access as group_access
from piiri.groups.models import Group, Membership, Mentor, Offer
from piiri.networks.models import NetworkAdmin
from piiri.people.models import Person
from piiri.programmes import access as programme_access
from piiri.programmes.models import Programme

Reader = Person | AnonymousUser


def own_applications(person: Reader) -> QuerySet[Application]:
    """The person's own applications, in every state."""
    if not person.is_authenticated:
        return Application.objects.none()
    return Application.objects.filter(person=person)


def visible_applications(person: Reader) -> QuerySet[Application]:
    """One's own, and (once sent) those of the programmes whose office one works in."""
    if not person.is_authenticated:
        return Application.objects.none()
    offices = programme_access.programmes_coordinated_by(person).values("pk")
    sent = Q(programme__in=offices) & ~Q(state=Application.State.DRAFT)
    return Application.objects.filter(Q(person=person) | sent)


def visible_approvals(person: Reader) -> QuerySet[Approval]:
    """What line managers were told or asked, in the programmes whose office the person works in."""
    offices = programme_access.programmes_coordinated_by(person).values("pk")
    return Approval.objects.filter(application__programme__in=offices)


def visible_office_applications(person: Reader) -> QuerySet[Application]:
    """Sent applications to the programmes the person runs; an administrator reads names and states only."""
    run = programme_access.programmes_run_by(person).values("pk")
    return Application.objects.filter(programme__in=run).exclude(state=Application.State.DRAFT).defer("wish")


def visible_figures(person: Reader) -> QuerySet[Programme]:
    """Programmes whose figures are no secret to exist: there they read 403, elsewhere 404.

    An operator keeps the service running and has no business with figures.
    """
    if person.is_authenticated and person.is_operator:
        return programme_access.programmes_run_by(person)
    return programmes_known_by(person)


def bulks_known_by(person: Reader) -> QuerySet[Bulk]:
    """Decisions about many in programmes near the person; what is in them is for the office."""
    return Bulk.objects.filter(programme__in=programmes_known_by(person).values("pk"))


def imports_known_by(person: Reader) -> QuerySet[ImportFile]:
    """Files brought to programmes near the person; what is in them is for those who run the programme."""
    return ImportFile.objects.filter(programme__in=programmes_known_by(person).values("pk"))


def programmes_known_by(person: Reader) -> QuerySet[Programme]:
    """Programmes near the person, those one has applied to among them: their offices are no secret."""
    if not person.is_authenticated:
        return Programme.objects.none()
    applied = Application.objects.filter(person=person).values("programme")
    return Programme.objects.filter(group_access.office_known_by(person) | Q(pk__in=applied))


def visible_group_pages(person: Reader) -> QuerySet[Group]:
    """Groups with a page of their own on a published programme's: not those reached by their link only.

    Sensitive themes are shown after sign-in only.
    """
    shown = Group.objects.living().filter(by_link=False).exclude(programme__state=Programme.State.DRAFT)
    return shown if person.is_authenticated else shown.exclude(theme__sensitive=True)


def own_offers(person: Reader) -> QuerySet[Offer]:
    """Places that are or were held for the person."""
    if not person.is_authenticated:
        return Offer.objects.none()
    return Offer.objects.filter(person=person)


def visible_signed_offers(person: Reader, uid: str, *, given: str) -> QuerySet[Offer]:
    """The offer of a mail, to whoever holds its link: signed in or not, as whoever."""
    if not offer_link.was_signed(uid, given=given):
        return Offer.objects.none()
    return Offer.objects.filter(uid=uid, person__isnull=False)


def own_turns(person: Reader) -> QuerySet[Waiting]:
    """The person's own turns in waiting lists, standing and ended ones."""
    if not person.is_authenticated:
        return Waiting.objects.none()
    return Waiting.objects.filter(application__person=person)


def visible_turns(person: Reader) -> QuerySet[Waiting]:
    """Turns in the lists of the programmes whose office the person works in; nobody else moves anybody."""
    offices = programme_access.programmes_coordinated_by(person).values("pk")
    return Waiting.objects.filter(application__programme__in=offices)


def visible_unconfirmed(
    person: Reader, *, uid: str, signature: str = "", browser: str = ""
) -> QuerySet[Unconfirmed]:
    """What a visitor wrote, for whoever holds the link of the mail or wrote it in this very browser.

    Who is signed in there plays no part.
    """
    rows = Unconfirmed.objects.filter(uid=uid)
    if signature and confirm_link.fits(signature, uid=uid):
        return rows
    return rows.filter(browser=browser) if browser else rows.none()


def can_apply(person: Reader, programme: Programme) -> bool:
    """Return whether the person may apply: the office and those above it do so with an account of their own.

    Whoever has applied already may go on, whatever else they are.
    """
    if not person.is_authenticated or own_applications(person).filter(programme=programme).exists():
        return True
    above = NetworkAdmin.objects.filter(person=person, network=programme.organisation.network_id).exists()
    runs = programme_access.can_edit_programme(person, programme)
    return not (above or runs or person.is_operator)


def own_open_application_of(person: Reader, programme: Programme) -> Application | None:
    """The person's own application to the programme that is a draft or stands."""
    if not person.is_authenticated:
        return None
    mine = own_applications(person).filter(programme=programme, state__in=Application.OPEN)
    found = mine.select_related("unit", "programme__organisation").first()
    if found:
        found.programme = programme
    return found


def own_conflicts(person: Reader) -> QuerySet[Conflict]:
    """Whom the person named as somebody not to be in a group with; not what came up in mid-year."""
    if not person.is_authenticated:
        return Conflict.objects.none()
    return Conflict.objects.filter(person=person, group=None)


def visible_conflicts(person: Reader) -> QuerySet[Conflict]:
    """What people of the programmes said whose office the person works in; nobody else sees any."""
    offices = programme_access.programmes_coordinated_by(person).values("pk")
    return Conflict.objects.filter(programme__in=offices)


def programmes_joined_by(person: Reader) -> QuerySet[Programme]:
    """Published programmes the person has applied to, mentors in or sits in a group of, now."""
    if not person.is_authenticated:
        return Programme.objects.none()
    applied = Application.objects.filter(person=person, state__in=Application.OPEN)
    mentors = Mentor.objects.filter(person=person, ended_at=None)
    joined = Membership.objects.active().filter(person=person)
    mine = [rows.values("programme") for rows in (applied, mentors, joined)]
    return Programme.objects.running().filter(Q(pk__in=mine[0]) | Q(pk__in=mine[1]) | Q(pk__in=mine[2]))
