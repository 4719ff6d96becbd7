"""The house stays as it is drawn: rules that a reader could miss and a machine does not."""

import ast
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.db import models

from teduh.kernel.data import read_data_file
from teduh.kernel.sealing.fields import SealedTextField, sealed_models

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ROOT / "teduh"
#: Rooms whose models other rooms may import: everybody is a person, and every pillar hangs on the spine.
SHARED_MODELS = {"kernel", "people", "care"}
#: Which room's models another room may use besides, with the reason.
EXCEPTIONS = {
    ("care", "messaging"): "the spine's listener is typed with the message that announced danger",
    ("care", "measures"): "the spine's listener is typed with the sheet that announced danger",
    ("counselling", "messaging"): "a counsellor's written conversation is a room",
    ("peers", "messaging"): "an offer owns its conversation's room",
    ("site", "*"): "the site composes everything",
}


def sources(pattern: str = "*.py") -> list[Path]:
    return [p for p in ROOMS.rglob(pattern) if "migrations" not in p.parts and "tests" not in p.parts]


def test_every_url_declares_its_audience() -> None:
    assert [error for error in run_checks(tags=["urls"]) if error.id == "teduh.E001"] == []


def test_views_never_touch_a_manager() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sources()
        if "web" in path.parts
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if ".objects" in line
    ]
    assert found == [], "load through queries.py or load.py instead"


def _imports(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
        elif isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
    return names


def test_a_rooms_models_are_imported_by_that_room_alone() -> None:
    found = []
    for path in sources():
        room = path.relative_to(ROOMS).parts[0]
        for name in _imports(path):
            match = re.match(r"teduh\.(\w+)\.models", name)
            if not match:
                continue
            other = match.group(1)
            allowed = other == room or other in SHARED_MODELS
            allowed = allowed or (room, other) in EXCEPTIONS or (room, "*") in EXCEPTIONS
            if not allowed:
                found.append(f"{path.relative_to(ROOT)} imports {name}")
    assert found == []


def test_no_exception_is_left_over() -> None:
    used = set()
    for path in sources():
        room = path.relative_to(ROOMS).parts[0]
        for name in _imports(path):
            match = re.match(r"teduh\.(\w+)\.models", name)
            if match and match.group(1) not in {room, *SHARED_MODELS}:
                used.add((room, match.group(1)))
                used.add((room, "*"))
    assert set(EXCEPTIONS) - used == set(), "take these out of the list"


def test_states_need_no_django() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in sources("states.py")
        if any(name.split(".")[0] == "django" for name in _imports(path))
    ]
    assert found == []


def own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("teduh.")]


def test_every_table_says_how_long_it_is_kept_and_how_it_is_erased() -> None:
    file = read_data_file(ROOMS / "site" / "data" / "retention.toml")
    told = dict(file.values["tables"])
    known = {model._meta.label_lower for model in own_models()}
    assert known - told.keys() == set(), (
        "say in retention.toml how long these are kept and how they are erased"
    )
    assert told.keys() - known == set(), "these tables are gone"
    classes, rules = set(file.values["classes"]), set(file.values["erasure"])
    for label, row in told.items():
        assert row["kept"] in classes, label
        assert row["erased"] in rules, label


def test_what_is_sealed_is_erased_with_its_key() -> None:
    told = read_data_file(ROOMS / "site" / "data" / "retention.toml").values["tables"]
    for model, _fields in sealed_models():
        assert told[model._meta.label_lower]["erased"] == "key", model


#: Plain text columns that are codes, names or numbers, never free text about a person.
PLAIN = re.compile(
    r"(code|name|kind|state|level|role|topic|wish|door|urgency|reason|category|source|severity|step|part|purpose"
    r"|relationship|safety|basis|answer|version|language|instrument|scale|band|place|digest|key|path|phone|sex"
    r"|nisn|nipd|email|username|password|actor_role|verb|object_type|object_id|channel|root|activity|field|approach"
    r"|direction|shown_as|full_name|nickname|grade|school_year|school_level|risk|closing_reason|recommended_level"
    r"|decided_level)$"
)


def test_free_text_is_sealed() -> None:
    found = [
        f"{model._meta.label}.{field.name}"
        for model in own_models()
        for field in model._meta.get_fields()
        if (
            isinstance(field, models.TextField)
            or (isinstance(field, models.CharField) and not PLAIN.search(field.name))
        )
        and not isinstance(field, SealedTextField)
    ]
    assert found == [], "a text column that is no code must be a SealedTextField"


def test_every_model_about_a_person_filters_by_what_an_actor_may_see() -> None:
    about = {"person", "subject", "episode", "room", "help_request"}
    missing = []
    for model in own_models():
        names = {field.name for field in model._meta.get_fields() if isinstance(field, models.ForeignKey)}
        if not (names & about) or not issubclass(model, _sealed()):
            continue
        manager = getattr(model, "objects", None)
        if not (hasattr(manager, "visible_to") or model._meta.label_lower in REACHED_THROUGH):
            missing.append(model._meta.label_lower)
    assert missing == []


def _sealed() -> type[models.Model]:
    from teduh.kernel.sealing.fields import SealedModel

    return SealedModel


#: Rows that are reached only through a parent which filters, with that parent.
REACHED_THROUGH = {
    "care.goal": "care.episode",
    "care.contact": "care.episode",
    "care.followup": "care.episode",
    "messaging.message": "messaging.room",
    "psychosocial.assessment": "care.episode",
    "psychosocial.caseplan": "care.episode",
    "people.exclusion": "people.person, for counsellors of the school",
    "people.consent": "people.person, the giver's own and through a referral",
    "measures.sheet": "its person alone; results through care.episode",
}


def test_no_file_is_too_long() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {lines} lines"
        for path in [*sources(), *ROOT.glob("tests/*.py"), *ROOT.glob("bench/*.py")]
        if (lines := len(path.read_text().splitlines())) > 450
    ]
    assert found == []


def test_no_file_names_a_package_host() -> None:
    hosts = re.compile(
        r"pypi\.org|pythonhosted|npmjs|cdn\.|jsdelivr|unpkg|googleapis|deb\.debian", re.IGNORECASE
    )
    found = [
        str(path.relative_to(ROOT))
        for path in _tracked()
        if path.suffix in {".py", ".toml", ".lock", ".html", ".css", ".js", ".yaml", ".md", ".txt"}
        and path.name not in {"test_architecture.py", "test_docs.py"}
        and hosts.search(path.read_text(errors="ignore"))
    ]
    assert found == []


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


@pytest.mark.skipif(shutil.which("msgfmt") is None, reason="the gettext tools are not installed")
@pytest.mark.parametrize("language", ["id", "en"])
def test_message_catalogues_are_complete(language: str) -> None:
    from babel.messages.pofile import read_po

    faults = []
    files = sorted(ROOMS.glob(f"*/locale/{language}/LC_MESSAGES/*.po"))
    assert len(files) >= 10
    for file in files:
        with file.open("rb") as text:
            catalogue = read_po(text, locale=language)
        for message in catalogue:
            if message.id and (message.fuzzy or not _filled(message.string)):
                faults.append(f"{file.relative_to(ROOT)}: {message.id!r}")
    assert faults == []


def _filled(text: object) -> bool:
    return all(text) if isinstance(text, tuple | list) else bool(text)


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="the gettext tools are not installed")
def test_message_catalogues_are_current(tmp_path: Path) -> None:
    """Extract the messages of each room anew and look each up in its Indonesian catalogue."""
    from babel.messages.pofile import read_po
    from django.utils.translation import templatize

    missing = []
    known: set[tuple[object, str | None]] = set()
    for file in ROOMS.glob("*/locale/id/LC_MESSAGES/*.po"):
        with file.open("rb") as text:
            known |= {(_first(m.id), m.context) for m in read_po(text, locale="id") if m.id}
    for number, path in enumerate([*sources(), *sources("*.html")]):
        source = path.read_text()
        if path.suffix == ".html":
            source = templatize(source, origin=str(path))
        work = tmp_path / f"{number}.py"
        work.write_text(source)
        for message in _extract(work):
            if message not in known:
                missing.append(f"{path.relative_to(ROOT)}: {message[0]!r} ({message[1]})")
    assert missing == []


def _first(ident: object) -> object:
    return ident[0] if isinstance(ident, tuple | list) else ident


KEYWORDS = (
    "gettext_noop", "gettext_lazy", "ngettext_lazy:1,2", "pgettext:1c,2", "npgettext:1c,2,3",
    "pgettext_lazy:1c,2", "npgettext_lazy:1c,2,3", "_",
)  # fmt: skip


def _extract(work: Path) -> set[tuple[object, str | None]]:
    from io import BytesIO

    from babel.messages.pofile import read_po

    done = subprocess.run(
        [
            "xgettext",
            "--language=Python",
            "--from-code=UTF-8",
            "-o",
            "-",
            *(f"--keyword={k}" for k in KEYWORDS),
            work,
        ],
        capture_output=True,
        check=True,
    )
    if not done.stdout:
        return set()
    said = done.stdout.replace(b"charset=CHARSET", b"charset=UTF-8").replace(
        b"nplurals=INTEGER; plural=EXPRESSION;", b"nplurals=1; plural=0;"
    )
    return {(_first(m.id), m.context) for m in read_po(BytesIO(said)) if m.id}
