from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("meetings", "0001_initial")]

    operations = [
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.UniqueConstraint(
                fields=["group", "starts_at"],
                condition=models.Q(("state", "cancelled"), _negated=True),
                name="one_meeting_of_a_group_at_a_time",
            ),
        ),
    ]
