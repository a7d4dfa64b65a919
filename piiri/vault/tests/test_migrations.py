"""The steps by which an installation comes to the vault's table; the other tests make it at once."""

import pytest
from django.core.management import call_command
from django.db import connections

from piiri.vault.models import Key

TABLE = Key._meta.db_table


def columns():
    vault = connections["vault"]
    with vault.cursor() as cursor:
        if TABLE not in vault.introspection.table_names(cursor):
            return []
        found = vault.introspection.get_table_description(cursor, TABLE)
    return [(column.name, column.type_code, column.null_ok) for column in found]


@pytest.mark.django_db(transaction=True)
def test_the_vault_s_steps_make_the_table_that_its_model_describes():
    at_once = columns()
    call_command("migrate", "vault", database="vault", fake=True, verbosity=0)
    call_command("migrate", "vault", "zero", database="vault", verbosity=0)
    assert at_once
    assert not columns()

    call_command("migrate", "vault", database="vault", verbosity=0)

    assert columns() == at_once
    assert not Key.objects.exists()
