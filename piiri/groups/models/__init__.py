"""A group, its mentors, its places, its memberships; pairs of people who are kept apart."""

from piiri.groups.models.apart import KeptApart, PairClaim
from piiri.groups.models.assents import Assent
from piiri.groups.models.groups import Group, GroupQuerySet, Mentor, Mentorship, MentorshipQuerySet
from piiri.groups.models.links import JoinLink, Leaving
from piiri.groups.models.places import (
    Membership,
    MembershipQuerySet,
    Offer,
    OfferQuerySet,
    Place,
    PlaceQuerySet,
)

__all__ = [
    "Assent",
    "Group",
    "GroupQuerySet",
    "JoinLink",
    "KeptApart",
    "Leaving",
    "Membership",
    "MembershipQuerySet",
    "Mentor",
    "Mentorship",
    "MentorshipQuerySet",
    "Offer",
    "OfferQuerySet",
    "PairClaim",
    "Place",
    "PlaceQuerySet",
]
