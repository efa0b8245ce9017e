"""An employer's account kept a second time, with dicts and whole numbers: shares no code with what it judges.

Nothing of `tasrih` is imported here (tests/house/test_model_alone.py); what must be known of the law is typed by hand.
"""
