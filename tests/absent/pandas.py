"""Stands before pandas for the processes that tests start, for they are to find what users have: pandas comes with
the tests, and sqlite-utils imports it where it is, which takes as long as all else that a command imports."""

raise ModuleNotFoundError("Tests bring pandas, users have none.", name=__name__)
