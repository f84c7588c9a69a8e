"""Questions to a release in SQL, over the site."""

from tests.publish.site.conftest import letters

__all__ = ["letters"]
