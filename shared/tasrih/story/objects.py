"""Where the files of an upload lie in the inbox. Keys are ours, never the filer's: a file name is only words."""

from __future__ import annotations


def folder(upload: str, part: bool = False) -> str:
    """Parts of an archive lie apart from what people upload: nobody gets a form for them."""
    return f"{'parts' if part else 'uploads'}/{upload}/"


def object_key(upload: str, place: int, part: bool = False) -> str:
    return f"{folder(upload, part)}{place}"
