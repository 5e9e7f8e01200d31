"""Runs in the formats of others: BALROG's results, Parquet tables."""
