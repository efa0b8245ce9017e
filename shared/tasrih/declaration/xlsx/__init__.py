"""Workbooks: looked at before they are parsed, parsed by a guarded child, mapped to rows."""
