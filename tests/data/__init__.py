"""Tests of the data door."""
