"""Tells people: renders what happened and sends it to one channel. The only home of Apprise."""
