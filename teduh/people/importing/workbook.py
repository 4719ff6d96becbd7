"""Opens an uploaded workbook without trusting it. No Django here; runs in a process with bounded memory and
time.
"""

import io
import zipfile

from teduh.people.importing.parse import SheetRefused, StudentList, read_rows

MAX_BYTES = 20 * 1024 * 1024
#: What 50,000 rows of the list unpack to, and room to spare; a bomb unpacks to far more.
MAX_UNPACKED = 500 * 1024 * 1024
MAX_PARTS = 2_000
_CHUNK = 1 << 20


def check_package(data: bytes) -> None:
    """Unpack a workbook once, throwing everything away, to know that it is whole and how large it gets.

    The sizes a package states may be lies; what really comes out is counted.
    Raises SheetRefused for what is no workbook, is broken or encrypted, or unpacks to too much.
    """
    if len(data) > MAX_BYTES:
        raise SheetRefused("too_large", limit=MAX_BYTES // 1024 // 1024)
    if not data:
        raise SheetRefused("empty")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            if len(parts) > MAX_PARTS:
                raise SheetRefused("bomb")
            names = {part.filename for part in parts}
            if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
                raise SheetRefused("not_xlsx")
            total = 0
            for part in parts:
                if part.flag_bits & 0x1:
                    raise SheetRefused("encrypted")
                with package.open(part) as stream:
                    while chunk := stream.read(_CHUNK):
                        total += len(chunk)
                        if total > MAX_UNPACKED:
                            raise SheetRefused("bomb")
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError, RuntimeError) as error:
        # An old .xls with a password, or a password on an .xlsx, is an OLE container.
        code = "encrypted" if data.startswith(b"\xd0\xcf\x11\xe0") else "not_xlsx"
        raise SheetRefused(code) from error
    except Exception as error:
        if isinstance(error, SheetRefused):
            raise
        # zlib, lzma and their like each have an exception of their own for a damaged stream.
        raise SheetRefused("not_xlsx") from error


def read_workbook(data: bytes) -> StudentList:
    """Read the student list out of a workbook: the first sheet that holds one.

    Raises SheetRefused with the reason of the first sheet where none does.
    """
    check_package(data)
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

    refused: SheetRefused | None = None
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for meta in book.sheets_metadata:
            if meta.typ is not SheetTypeEnum.WorkSheet:
                continue
            try:
                # Rows come from the very first one on, so that their numbers are those the person sees.
                return read_rows(book.get_sheet_by_name(meta.name).iter_rows())
            except SheetRefused as error:
                if error.code == "too_many_rows":
                    raise
                # Of several sheets, the one that comes nearest tells what is wrong.
                if refused is None or (refused.code in {"empty", "no_header"} and error.code != "empty"):
                    refused = error
    except CalamineError as error:
        raise SheetRefused("not_xlsx") from error
    raise refused or SheetRefused("empty")
