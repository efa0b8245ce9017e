"""From bytes to a declaration: formats, layout, the rule book, examine."""
