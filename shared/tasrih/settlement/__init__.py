"""From a debt to zero, amicably where it can be: what would be owed, plans, recovery step by step, decisions, the
certificate. README.md tells the rules."""
