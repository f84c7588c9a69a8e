"""Measurements, each with a floor or peer that is taken in the same run."""
