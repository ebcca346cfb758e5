//! A real systemd over a throw-away overlay of this very machine, for tests and
//! the demo.
