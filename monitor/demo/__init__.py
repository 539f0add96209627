"""A small made-up district on loopback: real HTTP servers, a real DNS server, and defects that we planted."""
