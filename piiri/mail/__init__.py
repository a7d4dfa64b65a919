"""Mail as rows: posted in the deed's own transaction, delivered by any worker. Leans on vault and audit.

A kind of mail is one template, `templates/ROOM/email/NAME.txt`, posted as "ROOM/email/NAME". Text and
HTML are made from it when it is delivered, in the language of the reader:

    {# row: 13 #}
    Subject: {% blocktranslate trimmed %}Your place in {{ programme }} is confirmed{% endblocktranslate %}

    {% translate "You have a place" %}

    # {% translate "Your group meets for the first time in September" %}

    {% blocktranslate trimmed %}We tell you the day as soon as it is set.{% endblocktranslate %}

    Button: {% translate "Open your group" %}

    {% translate "There you see what is agreed." %}

Nothing is escaped in it (the HTML frame does that). The first line names the row of
docs/permissions.csv. Then the subject, one line. Paragraphs are separated by empty lines and have no
line breaks of their own. "# " makes the heading (without one the subject is it; what stands before it
is shown quietly), "Code: " a large figure, "Button: " the button for the mail's one link (without one
a button "Open in Piiri" comes last). ISO days and moments among the words arrive as dates and
datetimes, `{"fi": …, "sv": …}` as Translations. Mails say when and where, never theme, topic, goals
or the names of others.
"""
