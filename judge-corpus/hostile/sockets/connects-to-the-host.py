"""
about: connects to a server of the host by address, to one by path and to one by abstract name
expect: AC
tests: [{ in: "@port@ @socket@ @abstract@\n", out: "nothing\n" }]
escapesBare: true
"""
import socket

port, path, abstract = input().split()
reached = []


def reach(family, address):
    try:
        with socket.socket(family, socket.SOCK_STREAM) as server:
            server.settimeout(1)
            server.connect(address)
            reached.append(address)
    except OSError:
        pass


reach(socket.AF_INET, ("127.0.0.1", int(port)))
reach(socket.AF_UNIX, path)
reach(socket.AF_UNIX, "\0" + abstract)
print("ESCAPED" if reached else "nothing")
