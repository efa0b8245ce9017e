"""Who is expected to declare what, and when."""

from tasrih.register.cells import COLUMNS
from tasrih.register.changes import Changed, Changes, changes
from tasrih.register.file import Party, read_register
from tasrih.register.parties import Account, Affiliation, Employer, Entity

__all__ = [
    "COLUMNS",
    "Account",
    "Affiliation",
    "Changed",
    "Changes",
    "Employer",
    "Entity",
    "Party",
    "changes",
    "read_register",
]
