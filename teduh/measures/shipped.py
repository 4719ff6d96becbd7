"""Whether the very version that a sheet was assigned in is still there."""

from teduh.measures.engine import Instrument, InstrumentUnknown, load_instrument
from teduh.measures.models import Sheet


def shipped(sheet: Sheet, *, language: str = "") -> Instrument | None:
    """Return the instrument a sheet was assigned in, or None once that version or language is gone.

    Another version may ask or score differently, so it never stands in silently. `language` asks for another
    wording of the same version, for those who read the scores.
    """
    try:
        found = load_instrument(sheet.instrument, language or sheet.language)
    except InstrumentUnknown:
        return None
    return found if found.version == sheet.version else None
