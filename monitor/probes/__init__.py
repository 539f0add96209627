"""Looking: each module of this package is one probe, which goes and looks for one kind of thing and never judges."""
