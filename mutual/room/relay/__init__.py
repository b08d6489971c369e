"""The media relay: a process of its own that forwards sound and picture between pages.

It never decodes, keeps or copies what it forwards (P-79), it gives no page the address of another
(P-72), and it forwards nothing until the application says who may hear whom. Nothing here imports
Django, so that the process starts in a moment and holds no clinical data.

``server`` forwards, ``control`` takes orders over a local socket, ``client`` is the web process's
end of that socket, and ``page`` translates between one page's messages and the client.
"""
