"""述: how the results read. Pure functions from a material to papers and tables; no network, no database, no clock."""
