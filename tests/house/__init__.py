"""Does the house keep its own rules: layout, sizes, direction of imports, locked dependencies, clean words?"""
