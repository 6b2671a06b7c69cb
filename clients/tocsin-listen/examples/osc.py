#!/usr/bin/env python3
"""osc.py HOST:PORT [ADDRESS] -- for tocsin-listen --pipe: an Open Sound Control message at T-0, for stages and light desks.

    tocsin-listen ... --pipe '/usr/share/doc/tocsin-listen/examples/osc.py 192.168.1.20:8000 /cue/1/go'

Before T-0, once a second: ADDRESS/left with the seconds left (a float); at T-0 ADDRESS alone; at the end ADDRESS/end.
OSC 1.0: an address and a string of types, each padded with zeros to four bytes, then the arguments, big-endian.
"""
import json
import socket
import struct
import sys


def padded(text):
    data = text.encode()
    return data + b"\0" * (4 - len(data) % 4)


def message(address, *numbers):
    return padded(address) + padded("," + "f" * len(numbers)) + b"".join(struct.pack(">f", n) for n in numbers)


def main():
    host, _, port = sys.argv[1].rpartition(":")
    address = sys.argv[2] if len(sys.argv) > 2 else "/tocsin"
    desk = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
    desk.connect((host.strip("[]"), int(port)))
    go = message(address)  # made beforehand: at T-0 it is only sent
    for line in iter(sys.stdin.readline, ""):
        if line == "GO\n":
            desk.send(go)
            continue
        occasion = json.loads(line)
        if occasion["state"] == "countdown":
            desk.send(message(address + "/left", occasion["left_s"]))
        elif occasion["state"] in ("ended", "cancelled"):
            desk.send(message(address + "/end"))


main()
