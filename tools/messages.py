"""`./run messages`: collect what must be translated into locale/{fi,sv}; English is the source."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import po
from system import provide

LANGUAGES = ("fi", "sv")
# One header for good: a date of extraction would change the file each time and say nothing.
HEADER = """msgid ""
msgstr ""
"Project-Id-Version: piiri\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"""


def main() -> int:
    if provide("gettext"):
        print("gettext is not installed and only root can install it", file=sys.stderr)
        return 1
    collect = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "django",
        "makemessages",
        "--no-obsolete",
        "--no-location",
    ]
    collect += ["--no-wrap", "--extension=html,txt,py", "--ignore=tests", "--ignore=bench", "--ignore=tools"]
    for language in LANGUAGES:
        Path(f"locale/{language}/LC_MESSAGES").mkdir(parents=True, exist_ok=True)
        collect.append(f"--locale={language}")
    with tempfile.TemporaryDirectory() as data:
        environment = os.environ | {"DJANGO_SETTINGS_MODULE": "piiri.config.settings", "PIIRI_DATA": data}
        subprocess.run(collect, env=environment, check=True)
    for path in sorted(Path("locale").glob("*/LC_MESSAGES/django.po")):
        # A guess is no translation: what gettext takes from a similar text is emptied again.
        sort = [
            "msgattrib",
            "--clear-fuzzy",
            "--empty",
            "--sort-output",
            "--no-obsolete",
            "--no-wrap",
            "--no-location",
            "-o",
            path,
            path,
        ]
        subprocess.run(sort, check=True)
        _old_header, _blank, messages = path.read_text(encoding="utf-8").partition("\n\n")
        header = HEADER.format(language=path.parts[1])
        path.write_text(f"{header}\n{messages}", encoding="utf-8")
        entries = [entry for entry in po.read(path) if entry.source]
        print(f"{path}: {len(entries)} messages, {sum(not entry.complete for entry in entries)} to translate")
    return 0


if __name__ == "__main__":
    sys.exit(main())
