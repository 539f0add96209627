"""A made-up district on loopback: real HTTP servers and a real DNS server, for `xuncha demo` and the tests."""
