"""How a seeker is called towards a peer: the nickname, or a calm generated name; never the real one."""

from collections.abc import Collection
from uuid import UUID

from teduh.peers.figures import figures

#: Numbers that follow the generated name.
_NUMBERS = 99


def shown_name(nickname: str, full_name: str, request: UUID, taken: Collection[str] = ()) -> str:
    """Return the name a supporter sees, the same for the same request, and none that is `taken`.

    A nickname that is part of the real name would give it away and counts as none.
    """
    real = {part.casefold() for part in full_name.split()}
    chosen = nickname.strip()
    if chosen and chosen not in taken and real.isdisjoint(part.casefold() for part in chosen.split()):
        return chosen[:60]
    words, number = figures().second_names, request.int
    for step in range(len(words) * _NUMBERS):
        place = (number + step) % (len(words) * _NUMBERS)
        name = f"{figures().first_name} {words[place % len(words)]} {place // len(words) + 1}"
        if name not in taken:
            return name
    raise ValueError("every generated name is taken")


def supervisor_name(called: str, sex: str) -> str:
    """Return how a supervisor is shown to both: "Pembina (Bu Citra)"."""
    address = figures().address.get(sex)
    return f"{figures().supervisor_title} ({f'{address} {called}' if address else called})"[:60]
