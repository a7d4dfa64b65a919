"""Places, lists, offers and answers as plain dictionaries: slow, small, and easy to believe."""

from datetime import timedelta

OFFER_LASTS = timedelta(hours=72)


class Model:
    """What should be so. People and groups are numbers; `kept` are two who must not share a group."""

    def __init__(self, *, places, kept):
        self.places, self.kept = places, kept
        self.state, self.seat, self.order, self.answers = {}, {}, {}, {}
        self.lists = {group: set() for group in places}
        self.offers, self.claims = {}, {}
        self.never_again = set()

    # --- what can be asked ------------------------------------------------------------------

    def free(self, group):
        seats = sum(1 for at in self.seat.values() if at == group)
        held = sum(1 for at, _until in self.offers.values() if at == group)
        return self.places[group] - seats - held

    def is_apart(self, person, group):
        """The other of the pair is in the group, or has a place of it held."""
        return person in self.kept and self.claims.get(group) not in (None, person)

    def may_be_asked(self, person, group):
        is_idle = person not in self.seat and person not in self.offers
        is_waiting = self.state.get(person) == "waiting" and person in self.lists[group]
        return is_idle and is_waiting and (person, group) not in self.never_again and not self.is_apart(
            person, group
        )  # fmt: skip

    def in_line(self, group):
        """Who may be asked for a place, in their order."""
        found = [person for person in self.lists[group] if self.may_be_asked(person, group)]
        return sorted(found, key=self.order.__getitem__)

    # --- what people do; each says "ok" or why not --------------------------------------------

    def take(self, person, group, now):
        if self.state.get(person) == "placed":
            return "placed"
        others = self.lists[group] - {person}
        if self.free(group) < 1 or (others and self.in_line(group)):
            return "full"
        if self.is_apart(person, group):
            return "kept_apart"
        self.order.setdefault(person, now)
        self.sit(person, group)
        return "ok"

    def wait(self, person, group, now):
        if self.state.get(person) == "placed":
            return "placed"
        if person not in self.state:
            self.state[person], self.order[person] = "waiting", now
        self.lists[group].add(person)
        return "ok"

    def placed_by_office(self, person, group):
        if self.is_apart(person, group):
            return "kept_apart"
        if self.free(group) < 1:
            return "full"
        self.sit(person, group)
        return "ok"

    def accept(self, person, now):
        group, until = self.offers[person]
        if until <= now:
            return "too_late"
        self.sit(person, group)
        return "ok"

    def let_go(self, person):
        """Declined, or answered too late."""
        group, _until = self.offers[person]
        self.end_offer(person)
        self.never_again.add((person, group))
        self.lists[group].discard(person)
        if not any(person in line for line in self.lists.values()):
            self.forget(person)

    def withdraw(self, person):
        group = self.seat.pop(person, None)
        if group is not None:
            self.never_again.add((person, group))
            self.drop_claim(person, group)
        self.end_offer(person)
        self.forget(person)

    def round(self, now):
        """What workers do: offers whose time is over go, then free places are offered in order."""
        for person in [one for one, (_group, until) in self.offers.items() if until <= now]:
            self.let_go(person)
        for group in sorted(self.places):
            for person in self.in_line(group):
                if self.free(group) and self.may_be_asked(person, group):
                    self.offers[person] = (group, now + OFFER_LASTS)
                    self.claim(person, group)

    # --- parts of these -----------------------------------------------------------------------

    def sit(self, person, group):
        self.end_offer(person)
        self.state[person], self.seat[person] = "placed", group
        self.claim(person, group)
        for line in self.lists.values():
            line.discard(person)

    def forget(self, person):
        for rows in (self.state, self.order, self.answers):
            rows.pop(person, None)
        for line in self.lists.values():
            line.discard(person)

    def end_offer(self, person):
        if person in self.offers:
            group, _until = self.offers.pop(person)
            self.drop_claim(person, group)

    def claim(self, person, group):
        if person in self.kept:
            self.claims[group] = person

    def drop_claim(self, person, group):
        if self.claims.get(group) == person:
            del self.claims[group]
