"""Releases of the dataset: dated folders of files that never change."""
