"""Writes workbooks as Dapodik does: titles, two header rows, merged cells, 66 columns, zeros as text."""

import io
from typing import Any

import xlsxwriter

PLAIN = [
    "No",
    "Nama",
    "NIPD",
    "JK",
    "NISN",
    "Tempat Lahir",
    "Tanggal Lahir",
    "NIK",
    "Agama",
    "Alamat",
    "RT",
    "RW",
    "Dusun",
    "Kelurahan",
    "Kecamatan",
    "Kode Pos",
    "Jenis Tinggal",
    "Alat Transportasi",
    "Telepon",
    "HP",
    "E-Mail",
    "SKHUN",
    "Penerima KPS",
    "No. KPS",
]
GROUPS = ["Data Ayah", "Data Ibu", "Data Wali"]
UNDER = [
    "Nama",
    "Tahun Lahir",
    "Jenjang Pendidikan",
    "Pekerjaan",
    "Penghasilan",
    "NIK",
]
AFTER = [
    "Rombel Saat Ini",
    "No Peserta Ujian Nasional",
    "No Seri Ijazah",
    "Penerima KIP",
    "Nomor KIP",
    "Nama di KIP",
    "Nomor KKS",
    "No Registrasi Akta Lahir",
    "Bank",
    "Nomor Rekening Bank",
    "Rekening Atas Nama",
    "Layak PIP",
    "Alasan Layak PIP",
    "Kebutuhan Khusus",
    "Sekolah Asal",
    "Anak ke-berapa",
    "Lintang",
    "Bujur",
    "No KK",
    "Berat Badan",
    "Tinggi Badan",
    "Lingkar Kepala",
    "Jml. Saudara Kandung",
    "Jarak Rumah ke Sekolah (KM)",
]
TITLES = [
    "Daftar Peserta Didik",
    "SMA CONTOH 1",
    "Kecamatan Kec. Contoh, Kabupaten Kab. Contoh, Provinsi Prov. Contoh",
    "Tanggal Unduh: 2026-07-20 08:12:44",
]
#: The sheet's row number of the first student.
FIRST = len(TITLES) + 3


def student(name: str, nisn: Any, **fields: Any) -> dict[str, Any]:
    """Return one row by column names."""
    row = {
        "Nama": name,
        "NISN": nisn,
        "NIPD": "",
        "JK": "P",
        "Tanggal Lahir": "2010-05-02",
        "Rombel Saat Ini": "X 1",
        "NIK": "3201010101010001",
        "Data Ayah/Penghasilan": "Rp. 1,000,000 - Rp. 1,999,999",
        "Data Ayah/NIK": "3201010101010002",
        "Bank": "BRI CABANG CONTOH",
        "Nomor Rekening Bank": "9988776655",
    }
    return row | fields


def write(
    rows: list[dict[str, Any]],
    *,
    titles: list[str] | None = None,
    leave_out: tuple[str, ...] = (),
    reverse: bool = False,
    formulas: dict[str, tuple[str, Any]] | None = None,
    options: dict[str, Any] | None = None,
) -> bytes:
    """Return a workbook; a value may be a date, a number, or text."""
    heads: list[tuple[str, str]] = [(name, "") for name in PLAIN]
    heads += [(group, name) for group in GROUPS for name in UNDER]
    heads += [(name, "") for name in AFTER]
    heads = [head for head in heads if head[0] not in leave_out]
    if reverse:
        # Columns in another order; groups stay together, as they do in every version of the form.
        plain = [head for head in heads if not head[1]]
        heads = [head for head in heads if head[1]] + plain[::-1]
    out = io.BytesIO()
    how = {"in_memory": True, "default_date_format": "dd/mm/yyyy", **(options or {})}
    book = xlsxwriter.Workbook(out, how)
    sheet = book.add_worksheet("Daftar Peserta Didik")
    top = TITLES if titles is None else titles
    for number, title in enumerate(top):
        sheet.merge_range(number, 0, number, 12, title)
    line = len(top)
    column = 0
    while column < len(heads):
        title, under = heads[column]
        if under:
            width = sum(1 for head in heads if head[0] == title)
            sheet.merge_range(line, column, line, column + width - 1, title)
            for offset in range(width):
                sheet.write(line + 1, column + offset, heads[column + offset][1])
            column += width
        else:
            sheet.merge_range(line, column, line + 1, column, title)
            column += 1
    for number, row in enumerate(rows):
        at = line + 2 + number
        for column, (title, under) in enumerate(heads):
            value = row.get(f"{title}/{under}" if under else title)
            if title == "No" and row:
                value = number + 1
            if value in (None, ""):
                continue
            if isinstance(value, str):
                sheet.write_string(at, column, value)
            elif hasattr(value, "isoformat"):
                sheet.write_datetime(at, column, value)
            else:
                sheet.write(at, column, value)
    for name, (formula, value) in (formulas or {}).items():
        sheet.write_formula(line + 2, [head[0] for head in heads].index(name), formula, None, value)
    book.close()
    return out.getvalue()
