"""Feeds: what happened last, as Atom (RFC 4287) and as JSON Feed 1.1, in pages (RFC 5005).

`feed` has their common shape, `made` fills it from the store, `atom` and `jsonfeed` write it, `routes` says where.
"""
