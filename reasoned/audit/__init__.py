"""The ledger as hash-chained Parquet, and whether it is still as it was written."""
