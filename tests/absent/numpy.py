"""As pandas.py; sqlite-utils imports it."""

raise ModuleNotFoundError("Tests bring numpy, users have none.", name=__name__)
