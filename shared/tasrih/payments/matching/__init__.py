"""Which debt a payment is for: written rules as data, each decision with its trace."""
