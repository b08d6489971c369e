"""entry: the command line, the demo, the urls and the ASGI application."""
