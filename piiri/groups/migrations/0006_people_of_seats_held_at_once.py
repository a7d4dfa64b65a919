from django.db import migrations

SEATS = ("Membership", "Offer", "Mentorship")


def defer(apps, schema_editor, *, initially):
    """Say when PostgreSQL looks for the person of a new seat, and holds their row; SQLite has one writer."""
    if schema_editor.connection.vendor != "postgresql":
        return
    quoted = schema_editor.quote_name
    for name in SEATS:
        model = apps.get_model("groups", name)
        for key in schema_editor._constraint_names(model, ["person_id"], foreign_key=True):
            schema_editor.execute(
                f"ALTER TABLE {quoted(model._meta.db_table)} ALTER CONSTRAINT {quoted(key)}"
                f" DEFERRABLE INITIALLY {initially}"
            )


def at_once(apps, schema_editor):
    defer(apps, schema_editor, initially="IMMEDIATE")


def at_the_end(apps, schema_editor):
    defer(apps, schema_editor, initially="DEFERRED")


class Migration(migrations.Migration):
    dependencies = [
        ("groups", "0005_next_dates"),
        ("people", "0001_initial"),
    ]

    # `hold_people` of groups/actions/pairing.py rests on this.
    operations = [migrations.RunPython(at_once, at_the_end)]
