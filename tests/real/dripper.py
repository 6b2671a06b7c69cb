"""A server whose answers drip, for those who must not wait for it."""
import socket
import threading
import time


class Dripper:
    """A server that answers every connection as `drip` does, byte by byte, and never comes to an end."""

    def __init__(self, drip, scheme="http"):
        self.drip, self.socket, self.connections = drip, socket.create_server(("127.0.0.1", 0)), 0
        self.url = f"{scheme}://127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            peer = self.socket.accept()[0]
            self.connections += 1
            threading.Thread(target=self.serve, args=(peer,), daemon=True).start()

    def serve(self, peer):
        try:
            peer.recv(4096)
            for data, pause in self.drip():
                peer.sendall(data)
                time.sleep(pause)
        except OSError:
            pass
        peer.close()


def slowly(first, data, pause):
    yield first, 0
    while True:
        yield data, pause
