"""Do plans, recovery, decisions and the certificate come out as done by hand, day by day?"""
