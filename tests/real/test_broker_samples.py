"""The samples for brokers that others run, with the real programs: a beacon with a name publishes, listeners hear
without one and may ask, nobody else may speak; WebSockets behind nginx and HAProxy."""
import base64
import os
import pathlib
import re
import shutil
import signal
import socket
import struct
import subprocess
import time

import stage
from pace import patience

HERE = pathlib.Path.cwd()
SAMPLES = pathlib.Path(os.environ["TOCSIN_SOURCE"]) / "beacon/tocsin-beacon/brokers"
os.chmod(HERE, 0o755)
running = []


def start(*command):
    running.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT))
    return running[-1]


def await_port(port):
    until = time.monotonic() + patience(20)
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), 5).close()
        except OSError:
            assert time.monotonic() < until, "nobody listens at %d" % port
            time.sleep(0.05)


def sample(name, *changes):
    text = (SAMPLES / name).read_text()
    for old, new in changes:
        assert old in text, (name, old)
        text = text.replace(old, str(new))
    path = HERE / name
    path.write_text(text)
    return path


def websocket_speaks_mqtt(port, path="/mqtt"):
    """CONNECT by WebSocket; the code of the CONNACK."""
    with socket.create_connection(("127.0.0.1", port), patience(10)) as s:
        s.settimeout(patience(10))
        s.sendall(("GET %s HTTP/1.1\r\nHost: broker.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                   "Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n" % (
                       path, base64.b64encode(os.urandom(16)).decode())).encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            more = s.recv(1000)
            if not more:
                return None
            answer += more
        if not answer.startswith(b"HTTP/1.1 101"):
            return None
        connect = b"\x10\x10\x00\x04MQTT\x04\x02\x00\x3c\x00\x04page"
        mask = os.urandom(4)
        s.sendall(b"\x82" + bytes([0x80 | len(connect)]) + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(connect)))
        frame = answer.split(b"\r\n\r\n", 1)[1]
        while len(frame) < 6:
            frame += s.recv(100)
        return struct.unpack("!BBBB", frame[2:6])[3]


try:
    plain, sockets = stage.free_port(), stage.free_port()
    subprocess.run(["mosquitto_passwd", "-b", "-c", "tocsin.passwd", "beacon", "candle"], check=True)
    os.chmod("tocsin.passwd", 0o644)
    shutil.copy(SAMPLES / "mosquitto.acl", HERE)
    conf = sample("mosquitto.conf", ("/etc/mosquitto/conf.d/mosquitto.acl", HERE / "mosquitto.acl"),
                  ("/etc/mosquitto/tocsin.passwd", HERE / "tocsin.passwd"),
                  ("\nlistener 1883\n", "\nlistener %d 127.0.0.1\n" % plain),
                  ("\nlistener 9001\n", "\nlistener %d 127.0.0.1\n" % sockets))
    start("mosquitto", "-c", str(conf))
    await_port(plain)
    pathlib.Path("password").write_text("candle\n")
    c = stage.constellation(20)
    url = "mqtt://127.0.0.1:%d" % plain
    beacon = stage.Beacon(c, "--broker", url, "--user", "beacon", "--password-file", "password", "--cadence", "lively")
    beacon.expect("link 0 up")
    c2 = c.write("with-window.bundle")
    subprocess.run(["tocsin", "sync", "--store", beacon.process.args[beacon.process.args.index("--store") + 1],
                    "--config", "config", "--root", c2, "--pull", c2], check=True, capture_output=True)
    # without a clock of its own a listener must hear, ask, and be answered
    listener = stage.Listener(c, "--broker", url, "--run", "/bin/true", clock="unsync offset=-3")
    deaf = [line for line in beacon.lines if "come back" in line]
    assert not deaf, deaf  # its own ticks come back
    listener.started(90)
    # nobody else speaks in a beacon's name
    topic = c.topic("status")
    stranger = stage.world.Client(plain)
    stranger.publish(topic, b"forged", retain=True)
    stranger.settle()
    kept = stage.world.Client(plain).subscribe(topic).next()[1]
    assert kept != b"forged" and b"up" in kept, kept
    beacon.kill(signal.SIGTERM)

    assert websocket_speaks_mqtt(sockets) == 0
    front = stage.free_port()
    (HERE / "nginx.conf").write_text(
        "daemon off; pid %s/nginx.pid; error_log stderr; events {}\nhttp { access_log off; server { listen 127.0.0.1:%d;\n"
        "include %s; } }\n" % (HERE, front, sample("nginx-websockets.conf", ("127.0.0.1:9001", "127.0.0.1:%d" % sockets))))
    start("nginx", "-p", str(HERE), "-c", str(HERE / "nginx.conf"))
    await_port(front)
    assert websocket_speaks_mqtt(front) == 0
    tried = ["mosquitto", "nginx"]
    if shutil.which("haproxy"):
        front, behind = stage.free_port(), stage.free_port()
        conf = sample("haproxy-websockets.cfg", ("127.0.0.1:9001", "127.0.0.1:%d" % sockets),
                      ("127.0.0.1:1883", "127.0.0.1:%d" % plain), ("bind :8083", "bind 127.0.0.1:%d" % front),
                      ("bind :8884", "bind 127.0.0.1:%d" % behind))
        check = subprocess.run(["haproxy", "-c", "-f", str(conf)], capture_output=True, text=True)
        assert check.returncode == 0, check.stderr + check.stdout
        start("haproxy", "-db", "-f", str(conf))
        await_port(front)
        assert websocket_speaks_mqtt(front) == 0
        assert websocket_speaks_mqtt(front, "/other") is None
        through = stage.world.Client(behind)
        through.subscribe(c.topic("tick"))
        tried.append("haproxy")
    # every topic of tocsin-ticks(5) has its line in the list of who may what
    acl = (SAMPLES / "mosquitto.acl").read_text()
    for word in ("tick", "records", "status", "ask"):
        assert re.search(r"^topic (read|write) tocsin/1/\+/%s/" % word, acl, re.M), word
    print("tried: " + ", ".join(tried))
finally:
    for one in running:
        one.terminate()
