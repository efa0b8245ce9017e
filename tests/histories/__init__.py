"""Does the ledger agree, event by event and to the centime, with a second account kept without any of its code?"""
