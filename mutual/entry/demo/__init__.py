"""The demo programme: made-up people on this machine alone, one click to be any of them."""
