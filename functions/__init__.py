"""What AWS calls: one folder per Lambda. A handler turns the event into plain values and calls one story."""
