"""What the documents name is there: pages, pictures, commands, rooms; and they speak of the project alone."""

import re
import unicodedata
from pathlib import Path

import pytest
from django.core.management import get_commands

from teduh.site.checks import walk_urls

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
COMMAND = re.compile(r"manage\.py ([a-z_]+)")
#: A path in code marks that begins with one of our folders; `*` may stand for any part.
PATH = re.compile(r"`((?:teduh|tests|docs|deploy|bench)/[\w./*-]+)`")
#: A picture of documents is looked at over poor networks too.
LARGEST = 150_000
FORBIDDEN = re.compile(
    r"\b(issues?|helpers?|agents?|subagents?|llm|claude|chatgpt|copilot|prompt)\b|pypi\.org|pythonhosted|npmjs|/tmp/|/work/|/home/",
    re.IGNORECASE,
)


def ids(pages: list[Path]) -> list[str]:
    return [str(page.relative_to(ROOT)) for page in pages]


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as code hosts make them."""
    found = set()
    for line in page.read_text().splitlines():
        if line.startswith("#"):
            words = unicodedata.normalize("NFC", line.lstrip("#").strip().lower())
            found.add(re.sub(r"[^\w\- ]", "", words).replace(" ", "-"))
    return found


def links(page: Path) -> list[str]:
    return [link for link in LINK.findall(page.read_text()) if not re.match(r"[a-z]+:", link)]


@pytest.mark.parametrize("page", PAGES, ids=ids(PAGES))
def test_every_link_and_picture_leads_somewhere(page: Path) -> None:
    broken = []
    for link in links(page):
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        outside = ROOT not in target.parents
        if outside or not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_pictures_are_small_and_each_is_shown() -> None:
    shown = {(page.parent / link).resolve() for page in PAGES for link in links(page)}
    pictures = sorted((ROOT / "docs" / "img").glob("*.png"))
    assert len(pictures) >= 18
    assert [p.name for p in pictures if p.stat().st_size > LARGEST] == []
    assert [p.name for p in pictures if p not in shown] == []


def test_every_command_that_is_named_exists() -> None:
    known = get_commands()
    missing = {
        f"{page.name}: {name}"
        for page in PAGES
        for name in COMMAND.findall(page.read_text())
        if name not in known
    }
    assert missing == set()


def test_every_command_of_ours_is_named_in_the_readme() -> None:
    ours = {name for name, app in get_commands().items() if app.startswith("teduh.")}
    assert ours - set(COMMAND.findall((ROOT / "README.md").read_text())) == set()


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        name
        for page in PAGES
        for name in re.findall(r"(?:`|^    )make ([a-z]+)", page.read_text(), re.MULTILINE)
    }
    assert {"run", "test", "serve"} <= named
    assert named - targets == set()


def test_every_room_stands_in_the_architecture() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    rooms = [folder.name for folder in (ROOT / "teduh").iterdir() if (folder / "__init__.py").exists()]
    assert len(rooms) >= 13
    assert [room for room in rooms if f"`teduh/{room}`" not in text] == []


def test_every_recurring_work_stands_in_the_architecture() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    names = {
        name
        for file in (ROOT / "teduh").rglob("*.py")
        if "tests" not in file.parts
        for name in re.findall(r"@every\(.*\"([\w.]+)\"\)", file.read_text())
    }
    assert len(names) >= 10
    assert [name for name in sorted(names) if name not in text] == []


@pytest.mark.parametrize("page", PAGES, ids=ids(PAGES))
def test_every_file_that_is_named_exists(page: Path) -> None:
    assert [path for path in PATH.findall(page.read_text()) if not list(ROOT.glob(path))] == []


def test_every_address_that_is_named_exists() -> None:
    routes = {"/" + route for route, _name, _view in walk_urls()} | {"/live/", "/live/me/"}
    named = {
        address
        for page in PAGES
        for address in re.findall(r"`(?:GET )?(/[a-z]+/(?:[a-z]+/)?)`", page.read_text())
    }
    assert "/health/" in named
    assert named - routes == set()


@pytest.mark.parametrize("page", PAGES, ids=ids(PAGES))
def test_documents_speak_of_the_project_alone(page: Path) -> None:
    found = [match.group(0) for match in FORBIDDEN.finditer(page.read_text())]
    assert found == []
