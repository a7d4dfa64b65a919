from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("groups", "0007_assents")]

    operations = [
        migrations.AddField(
            model_name="group",
            name="first_step_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
