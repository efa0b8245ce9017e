"""One fuzz target for each reader: tried with made damage by every test run, as long as one likes by `make fuzz`."""
