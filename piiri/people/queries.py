"""What the doors of this room show."""

from datetime import datetime, timedelta

from django.db.models import Count, Q

from piiri.people.models import CodeRequest, DemoAccount, plain_address


def codes_asked(
    email: str, *, network: str, now: datetime, while_: timedelta, day: timedelta
) -> dict[str, int]:
    """Count codes of late: `from_here` and `from_network` within `while_`, `for_address` within `day`.

    `network` is a network hash. One query, the same for every address.
    """
    address, lately = Q(email=plain_address(email)), Q(asked_at__gt=now - while_)
    return (
        CodeRequest.objects.asked_since(now - day)
        .filter(address | Q(network_hash=network))
        .aggregate(
            from_here=Count("pk", filter=address & lately & Q(network_hash=network)),
            for_address=Count("pk", filter=address),
            from_network=Count("pk", filter=lately & Q(network_hash=network)),
        )
    )


def code_request(uid: str) -> CodeRequest | None:
    """The request a browser remembers, or None when it was swept away."""
    return CodeRequest.objects.filter(uid=uid).first()


def demo_accounts() -> list[DemoAccount]:
    """The demo's accounts, the first one of each role, in their order."""
    first: dict[str, DemoAccount] = {}
    for account in DemoAccount.objects.select_related("person"):
        first.setdefault(account.role, account)
    return list(first.values())


def demo_account(person_uid: str) -> DemoAccount | None:
    """The demo account of this person, or None: no other person can be signed in that way."""
    return DemoAccount.objects.select_related("person").filter(person__uid=person_uid).first()
