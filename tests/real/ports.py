"""ports.py -- TCP ports for what tests start: below those that the kernel gives to whoever asks for any, and each
held for this process, so that tests beside each other never meet (real_broker.h keeps to the same)."""
import contextlib
import random
import socket

FIRST = 10000
HELD = contextlib.ExitStack()  # sockets whose names say who has which port; they go with the process


def free_port(row=1):
    """A port, the first of so many in a row, that is free on every address and that no other test takes while this process lives."""
    with open("/proc/sys/net/ipv4/ip_local_port_range") as file:
        end = max(int(file.read().split()[0]), FIRST + 2000)
    for port in random.SystemRandom().sample(range(FIRST, end - row), end - row - FIRST):
        with contextlib.ExitStack() as names, contextlib.ExitStack() as probes, contextlib.suppress(OSError):
            for n in range(port, port + row):
                names.enter_context(socket.socket(socket.AF_UNIX)).bind("\0tocsin test port %d" % n)
                probes.enter_context(socket.socket()).bind(("", n))
            HELD.push(names.pop_all())
            return port
    raise OSError("no free port from %d to %d" % (FIRST, end))
