"""The embedded local cloud, synthetic employers and the demo."""
