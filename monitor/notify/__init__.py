"""Alerts to people: the channels (one file each), what they are sent, and how a sending may fail."""
