"""Serve the built book on this machine and open it in the browser."""

import functools
import http.server
import webbrowser

if __name__ == "__main__":
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory="_build/html")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        address = f"http://127.0.0.1:{server.server_port}/"
        print(f"The book is at {address} (Ctrl-C stops it)")
        webbrowser.open(address)
        server.serve_forever()
