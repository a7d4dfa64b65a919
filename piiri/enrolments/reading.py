"""Turns rows of a sheet into enrolments and mentors; says what was repaired and what must be decided."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from piiri.enrolments import answers, people_text, times
from piiri.enrolments.columns import ColumnMap
from piiri.enrolments.findings import Finding, Problem, Question, Repair
from piiri.enrolments.people_text import nearest
from piiri.enrolments.sheets import Cell, Sheet
from piiri.enrolments.times import Times

Decisions = Mapping[str, Mapping[str, str]]  # "theme", "email" -> as written -> as decided ("" leaves it out)
WISHES = ("wish_1", "wish_2", "wish_3")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What applicants and mentors have in common. `number` is the row's number in a spreadsheet program."""

    number: int
    email: str
    first_name: str
    last_name: str
    workplace: str
    form: str  # onsite, online, either or ""
    times: Times
    times_text: str  # as it was written
    repairs: tuple[Repair, ...]
    questions: tuple[Question, ...]
    problems: tuple[Problem, ...]

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that must be told about the row, the gravest first."""
        return (*self.problems, *self.questions, *self.repairs)

    @property
    def takeable(self) -> bool:
        return not self.problems


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRow(Read):
    """One answer to the enrolment form.

    `wishes` are three themes of the programme in their places, "" where none was wished or it is undecided.
    `contact_ok` is True only for a clear yes. `sent_at` has no zone: it is the programme's wall clock.
    """

    sent_at: datetime | None
    job: str
    years: int | None
    wishes: tuple[str, str, str]
    languages: tuple[str, ...]
    wish_text: str
    manager: str
    contact_ok: bool

    @property
    def ranked(self) -> tuple[str, ...]:
        """The decided wishes, dearest first."""
        return tuple(wish for wish in self.wishes if wish)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMentor(Read):
    """One answer to the mentors' form. `pair_mentor` is the address of another mentor, or ""."""

    theme: str
    description: str
    language: str
    area: str
    max_groups: int
    pair_mentor: str


@dataclass
class Row:
    """One row while it is read: cells by field, and the findings so far."""

    number: int
    cells: Mapping[str, Cell]
    decided: Decisions
    repairs: list[Repair] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def text(self, code: str) -> str:
        cell = self.cells.get(code, "")
        return cell if isinstance(cell, str) else cell.isoformat(sep=" ")

    def line(self, code: str) -> str:
        return people_text.line(self.text(code))

    def repair(self, code: str, was: str, now: str, why: str) -> None:
        self.repairs.append(Repair(code, was, now, why))

    def ask(self, code: str, was: str, why: str, suggestions: tuple[str, ...] = ()) -> None:
        self.questions.append(Question(code, was, suggestions, why))

    def refuse(self, code: str, was: str, why: str, suggestions: tuple[str, ...] = ()) -> None:
        self.problems.append(Problem(code, was, suggestions, why))

    def decision(self, about: str, was: str) -> str | None:
        """What the office has decided about this text; None when nothing."""
        return self.decided.get(about, {}).get(was)

    def findings(self) -> dict[str, tuple[object, ...]]:
        return {
            "repairs": tuple(self.repairs),
            "questions": tuple(self.questions),
            "problems": tuple(self.problems),
        }


def read_enrolments(
    sheet: Sheet, columns: ColumnMap, *, themes: Sequence[str], minutes: int, decided: Decisions | None = None
) -> Iterator[ReadRow]:
    """Every row of the file, duplicates too (see `newest`); `minutes` is the length of a meeting."""
    domains = people_text.frequent_domains(column(sheet, columns, "email"))
    for row in rows_of(sheet, columns, decided or {}):
        yield enrolment(row, domains=domains, themes=tuple(themes), minutes=minutes)


def read_mentors(
    sheet: Sheet,
    columns: ColumnMap,
    *,
    themes: Sequence[str],
    minutes: int,
    decided: Decisions | None = None,
    mentors: Iterable[str] = (),
) -> Iterator[ReadMentor]:
    """Every row of the mentors' file, duplicates too (the later one is the newer: see `newest`).

    `mentors` are addresses of those accepted before, who can be pair mentors as well.
    """
    domains = people_text.frequent_domains(column(sheet, columns, "email"))
    known = {people_text.address(text, domains).email for text in column(sheet, columns, "email")}
    known = (known | set(mentors)) - {""}
    for row in rows_of(sheet, columns, decided or {}):
        yield mentor(row, domains=domains, themes=tuple(themes), minutes=minutes, known=known)


def rows_of(sheet: Sheet, columns: ColumnMap, decided: Decisions) -> Iterator[Row]:
    places = {code: sheet.header.index(name) for code, name in columns.items() if name in sheet.header}
    for number, cells in sheet.rows:
        yield Row(number, {code: cells[place] for code, place in places.items()}, decided)


def column(sheet: Sheet, columns: ColumnMap, code: str) -> Iterator[str]:
    return (text for row in rows_of(sheet, columns, {}) if (text := row.line(code)))


# ---- one row


def enrolment(row: Row, *, domains: Sequence[str], themes: tuple[str, ...], minutes: int) -> ReadRow:
    email = read_email(row, domains)
    first_name, last_name = read_name(row, email)
    return ReadRow(
        number=row.number,
        email=email,
        first_name=first_name,
        last_name=last_name,
        workplace=row.line("workplace"),
        job=row.line("job"),
        sent_at=read_sent_at(row),
        years=read_years(row),
        wishes=read_wishes(row, themes),
        form=read_form(row),
        languages=read_languages(row, "languages"),
        times=read_times(row, minutes),
        times_text=people_text.text(row.text("times")),
        wish_text=people_text.text(row.text("wish_text")),
        manager=row.line("manager"),
        contact_ok=read_contact_ok(row),
        **row.findings(),  # type: ignore[arg-type]
    )


def mentor(
    row: Row, *, domains: Sequence[str], themes: tuple[str, ...], minutes: int, known: set[str]
) -> ReadMentor:
    email = read_email(row, domains)
    first_name, last_name = read_name(row, email)
    theme = read_theme(row, "theme", themes)
    if not row.line("theme"):
        row.refuse("theme", "", "theme_missing")
    return ReadMentor(
        number=row.number,
        email=email,
        first_name=first_name,
        last_name=last_name,
        workplace=row.line("workplace"),
        theme=theme,
        description=people_text.text(row.text("description")),
        language=next(iter(read_languages(row, "language")), ""),
        form=read_form(row),
        area=row.line("area"),
        times=read_times(row, minutes),
        times_text=people_text.text(row.text("times")),
        max_groups=read_max_groups(row),
        pair_mentor=read_pair(row, email, domains, known),
        **row.findings(),  # type: ignore[arg-type]
    )


def read_email(row: Row, domains: Sequence[str]) -> str:
    was = row.line("email")
    decided = row.decision("email", was)
    if not was and not decided:
        row.refuse("email", "", "address_missing")
        return ""
    found = people_text.address(decided or was, domains)
    if not found.email:
        hint = (found.suggestion,) if found.suggestion else ()
        row.refuse("email", was, "address_unreadable_near" if hint else "address_unreadable", hint)
    elif decided:
        row.repair("email", was, found.email, "decided")
    else:
        if found.repair:
            row.repair("email", was, found.email, found.repair)
        if found.suggestion:
            row.ask("email", was, "address_domain", (found.suggestion,))
    return found.email


def read_name(row: Row, email: str) -> tuple[str, str]:
    """The names; a missing one is asked for, with what the address tells as a suggestion."""
    first, last = row.line("first_name"), row.line("last_name")
    if not first and not last:
        first, last = people_text.split_name(row.text("full_name"))
    if first and last:
        return first, last
    words = [word.capitalize() for word in email.partition("@")[0].rstrip("0123456789").split(".")]
    hint = (words[-1 if first else 0],) if len(words) > 1 else ()
    code = "last_name" if first else "first_name"
    row.ask(code, first or last, "name_missing" if hint else "name_missing_unknown", hint)
    return first, last


def read_sent_at(row: Row) -> datetime | None:
    raw = row.cells.get("sent_at", "")
    found = answers.moment(raw)
    if raw and found is None:
        row.ask("sent_at", row.line("sent_at"), "sent_at_unknown")
    return found


def read_years(row: Row) -> int | None:
    was = row.line("years")
    found, plainly = answers.years(was)
    if was and found is None:
        row.ask("years", was, "years_unknown")
    elif was and not plainly:
        row.repair("years", was, str(found), "years_read")
    return found


def read_wishes(row: Row, themes: tuple[str, ...]) -> tuple[str, str, str]:
    taken: list[str] = []
    for code in WISHES:
        theme = read_theme(row, code, themes)
        if theme and theme in taken:
            row.repair(code, theme, "", "wish_repeated")
            theme = ""
        taken.append(theme)
    if not any(row.line(code) for code in WISHES):
        row.ask("wish_1", "", "wish_missing")
    return taken[0], taken[1], taken[2]


def read_theme(row: Row, code: str, themes: tuple[str, ...]) -> str:
    """The theme meant; "" when the field is empty, undecided or decided away. Never a guess."""
    was = row.line(code)
    if not was:
        return ""
    decided = row.decision("theme", was)
    if decided is not None and (decided in themes or not decided):
        row.repair(code, was, decided, "decided" if decided else "left_out")
        return decided
    found = nearest(was, themes)
    if not found.exact:
        row.ask(code, was, "theme_near" if found.suggestions else "theme_unknown", found.suggestions)
    return found.exact


def read_form(row: Row) -> str:
    was = row.line("form")
    found = answers.meeting_form(was)
    if was and not found:
        row.ask("form", was, "form_unknown")
    return found


def read_languages(row: Row, code: str) -> tuple[str, ...]:
    was = row.line(code)
    codes, unknown = answers.languages(was)
    if unknown:
        row.ask(code, ", ".join(unknown), "language_unknown")
    elif not was:
        row.ask(code, "", "language_missing")
    return codes


def read_times(row: Row, minutes: int) -> Times:
    was = people_text.text(row.text("times"))
    found = times.read(was, minutes)
    if not was:
        row.ask("times", "", "times_missing")
        return found
    if found.not_understood and found.mask == times.NEVER:
        row.ask("times", was, "times_unreadable")
    elif found.not_understood:
        row.ask("times", ", ".join(found.not_understood), "times_unread")
    elif found.starts < times.ENOUGH:
        row.ask("times", was, "times_few")
    return found


def read_contact_ok(row: Row) -> bool:
    was = row.line("contact_ok")
    found = answers.yes_or_no(was)
    if was and found is None:
        row.ask("contact_ok", was, "contact_unknown")
    return bool(found)


def read_max_groups(row: Row) -> int:
    was = row.line("max_groups")
    found = answers.whole_number(was)
    if was and not found:
        row.ask("max_groups", was, "max_groups_unknown")
    elif found and was != str(found):
        row.repair("max_groups", was, str(found), "max_groups_read")
    return found or 1


def read_pair(row: Row, own: str, domains: Sequence[str], known: set[str]) -> str:
    """The pair mentor's address when it is another mentor's; else a question."""
    was = row.line("pair_mentor")
    if not was:
        return ""
    as_read = people_text.address(was, domains).email
    meant = row.decision("pair_mentor", was)
    if meant is None:
        meant = row.decision("pair_mentor", as_read)
    found = as_read if meant is None else people_text.address(meant, domains).email
    if meant == "" or found in known - {own}:
        if meant is not None:
            row.repair("pair_mentor", was, found, "decided" if meant else "left_out")
        return found
    names = {email.partition("@")[0]: email for email in sorted(known - {own})}
    near = tuple(names[one] for one in nearest(was.lower().partition("@")[0], names).suggestions)
    row.ask("pair_mentor", was, "pair_near" if near else "pair_unknown", near)
    return ""
