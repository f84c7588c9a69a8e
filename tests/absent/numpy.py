"""As pandas.py."""

raise ModuleNotFoundError("Tests bring numpy, users have none.", name=__name__)
