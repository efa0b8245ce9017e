"""A file is what its content says; anything but a DAS gets one refusal that says what it seems to be."""

from __future__ import annotations

import io
import zipfile

import pytest
from tasrih import messages
from tasrih.declaration import intake
from tasrih.declaration.sent import SentFile
from tasrih.messages.findings import finding_sentence

HEADER = b"1699999901N201916000EXEMPLE SARL".ljust(216)
DETAIL = b"169999990120191     800000000001NOMUN".ljust(194)
CSV = "Employeur;Année;Type;Centre;NSS;Nom;Prénom;Base T1 (DA)\n"


def sent(content: bytes, name: str = "envoi.txt") -> SentFile:
    return SentFile(name, len(content), lambda: io.BytesIO(content))


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name in names:
            made.writestr(name, b"x")
    return buffer.getvalue()


ACCEPTED = {
    "a header": (HEADER, "envoi.txt", "das_header"),
    "a header with five blanks and CRLF": (HEADER + b"     \r\n", "envoi.txt", "das_header"),
    "a header of an unknown type": (HEADER.replace(b"N2019", b"X2019"), "envoi.txt", "das_header"),
    "a header named as detail": (HEADER, "D19S1699999901.txt", "das_header"),
    "a header with a byte-order mark": (b"\xef\xbb\xbf" + HEADER, "envoi.txt", "das_header"),
    "a detail": (DETAIL + b"\n" + DETAIL, "envoi.txt", "das_detail"),
    "a detail with its end flag": (DETAIL + b"0", "envoi.txt", "das_detail"),
    "a detail named as header": (DETAIL, "D19E1699999901.txt", "das_detail"),
    "a detail named as picture": (DETAIL, "photo.png", "das_detail"),
    "a table with a name where a tar has its mark": (
        (CSV.encode() + b"x").ljust(255) + b"Moustari;",
        "das.csv",
        "das_csv",
    ),
    "a detail in UTF-16": (DETAIL.decode().encode("utf-16"), "envoi.txt", "das_detail"),
    "a detail cut after 60 characters": (DETAIL[:60], "envoi.txt", "das_detail"),
    "a detail with a NUL": (DETAIL.replace(b"NOMUN", b"NOM\0N"), "envoi.txt", "das_detail"),
    "a detail whose employer is unreadable, by its name": (b"?" * 194, "D19S1699999901.txt", "das_detail"),
    "a header whose employer is unreadable, by its name": (b"X" * 216, "d19e1699999901.TXT", "das_header"),
    "a csv": (CSV.encode(), "envoi.txt", "das_csv"),
    "a csv behind Excel's own line": (b"sep=;\r\n" + CSV.encode(), "envoi.txt", "das_csv"),
    "a csv with tabs": (CSV.replace(";", "\t").encode(), "envoi.txt", "das_csv"),
    "a csv with commas and quotes": (
        ",".join(f'"{n}"' for n in CSV.strip().split(";")).encode(),
        "envoi.txt",
        "das_csv",
    ),
    "a csv in UTF-16": (CSV.encode("utf-16"), "envoi.txt", "das_csv"),
    "a csv in UTF-16 without its mark": (CSV.encode("utf-16-le"), "envoi.txt", "das_csv"),
    "a csv in UTF-16 without its mark, the other way round": (CSV.encode("utf-16-be"), "envoi.txt", "das_csv"),
    "a csv in Arabic Windows-1256": (
        "رقم المستخدم;السنة;النوع;رقم الضمان الاجتماعي;اللقب;الاسم\n".encode("cp1256"),
        "envoi.txt",
        "das_csv",
    ),
    "a csv in Windows-1252": (CSV.encode("cp1252"), "envoi.txt", "das_csv"),
    "a csv in Arabic": (
        "رقم المستخدم;السنة;النوع;رقم الضمان الاجتماعي;اللقب;الاسم\n".encode(),
        "envoi.txt",
        "das_csv",
    ),
    "a csv in English": (b"Employer,Year,Type,Paying centre,Insured number\n", "envoi.txt", "das_csv"),
    "a csv without heading, by its name": (b"1;2;3\n", "das.csv", "das_csv"),
}

REFUSED = {
    "nothing": (b"", "empty"),
    "blanks": (b" \t \r\n\r\n", "blank"),
    "many blanks": (b" \n" * 20_000, "blank"),
    "a byte-order mark alone": (b"\xef\xbb\xbf\n", "blank"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3", "pdf"),
    "png": (b"\x89PNG\r\n\x1a\n\0\0", "image"),
    "jpeg": (b"\xff\xd8\xff\xe0\0\x10JFIF", "image"),
    "gif": (b"GIF89a\1\0\1\0", "image"),
    "tiff": (b"II*\0\x08\0\0\0", "image"),
    "tiff, other order": (b"MM\0*\0\0\0\x08", "image"),
    "webp": (b"RIFF\x24\0\0\0WEBPVP8 ", "image"),
    "heic": (b"\0\0\0\x18ftypheic\0\0\0\0", "image"),
    "bmp": (b"BM\x36\0\0\0\0\0\0\0", "image"),
    "xlsx": (zipped("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
    "docx": (zipped("[Content_Types].xml", "word/document.xml"), "docx"),
    "pptx": (zipped("[Content_Types].xml", "ppt/presentation.xml"), "docx"),
    "ods": (zipped("mimetype", "content.xml"), "docx"),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "xls"),
    "rar": (b"Rar!\x1a\x07\x01\0", "rar"),
    "7z": (b"7z\xbc\xaf\x27\x1c\0\4", "7z"),
    "gzip": (b"\x1f\x8b\x08\0", "gzip"),
    "bzip2": (b"BZh91AY&SY\0\1", "gzip"),
    "xz": (b"\xfd7zXZ\0\0\4", "gzip"),
    "tar": (b"a.txt".ljust(257, b"\0") + b"ustar\x0000", "gzip"),
    "html": (b"<!DOCTYPE html>\n<html>", "html"),
    "an html table with the name of a workbook": (b"\n <table border=1><tr>", "html"),
    "xml": (b'<?xml version="1.0"?><a/>', "xml"),
    "xml without its first line": (b"<Declaration xmlns='x'>", "xml"),
    "json": (b'{"nss": 1}', "json"),
    "a json list": (b'[{"nss": 1}]', "json"),
    "a Windows program": (b"MZ\x90\0\3\0", "executable"),
    "a Linux program": (b"\x7fELF\2\1", "executable"),
    "a script": (b"#!/bin/sh\nrm -rf /\n", "executable"),
    "Moroccan e-BDS": (b"B00".ljust(260) + b"\r\n", "cnss_ma"),
    "Tunisian CNSS": (b"12345678120000120190010112345678".ljust(122) + b"\r\n", "cnss_tn"),
    "French DSN": (b"S10.G00.00.001,'x'\r\n", "dsn"),
    "CACOBATPH": (b"16999999012019000001".ljust(228, b"0") + b"1\r\n", "cacobatph"),
    "EFW2": (b"RA".ljust(512) + b"\r\n", "efw2"),
    "a letter": ("Monsieur le directeur, veuillez trouver ci-joint; merci, à bientôt.\n".encode(), "other_text"),
    "the word BMW": (b"BMW parts list\n", "other_text"),
    "the letters MZ": (b"MZAB transport\n", "other_text"),
    "random bytes": (bytes(range(256)) * 4, "binary"),
    "zeros": (bytes(5000), "binary"),
}


@pytest.mark.parametrize("case", ACCEPTED)
def test_a_declaration_is_told_by_its_content_and_only_then_by_its_name(case: str) -> None:
    content, name, kind = ACCEPTED[case]
    assert intake.recognise(sent(content, name)) == kind


@pytest.mark.parametrize("case", REFUSED)
def test_anything_else_is_told_for_what_it_seems(case: str) -> None:
    content, kind = REFUSED[case]
    file = sent(content)
    assert intake.recognise(file) == kind
    found = intake.refusal(kind, file)
    assert (found.code, found.file, found.line) == (intake.REFUSALS[kind], "envoi.txt", 0)
    assert found.severity == "error"


@pytest.mark.parametrize("kind", intake.REFUSALS)
def test_each_refusal_says_in_three_languages_what_is_accepted(kind: str) -> None:
    found = intake.refusal(kind, sent(b"x", "envoi.txt"))
    for language in messages.LANGUAGES:
        sentence = finding_sentence(found, language)
        assert "envoi.txt" in sentence
        assert kind == "zip" or intake.ACCEPTED in sentence


def test_each_refusal_has_a_code_of_its_own() -> None:
    assert len(set(intake.REFUSALS.values())) == len(intake.REFUSALS)


def test_only_the_first_kilobytes_of_a_long_file_are_read() -> None:
    read = 0

    class Counting(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            nonlocal read
            chunk = super().read(size)
            read += len(chunk)
            return chunk

    content = (DETAIL + b"\n") * 5000
    intake.recognise(SentFile("a.txt", len(content), lambda: Counting(content)))
    assert read <= 8192
