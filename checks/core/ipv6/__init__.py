"""What the IPv6 of a site is judged by: its facts, and one module for each group of sub-tests (web.md §1)."""
