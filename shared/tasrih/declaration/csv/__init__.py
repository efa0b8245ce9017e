"""CSV as people send it: text, rows, cells, columns."""
