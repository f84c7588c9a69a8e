"""Clinics in the store: who is named where, linked, described, found, and what people decided about it."""
