"""Money that comes in: from the bank, over the counter, by card. Read, told apart, and matched with what is owed."""
