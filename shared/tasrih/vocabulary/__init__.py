"""The words of the field as frozen values: money, period, identity, finding, dues."""
