"""A cluster of three RabbitMQ nodes, configured by the sample that we ship, carries a countdown, and one node is
killed on the way: no start is lost.  Only with TOCSIN_DEEP=1: it needs Debian's rabbitmq-server and a minute to start.

Its kept messages stay on the node that took them (rabbitmq-server#8096): a listener at another node has its
records from a file, or the beacon speaks to that node, too.  Ticks cross from node to node."""
import json
import os
import shutil
import subprocess
import time

import stage
from pace import patience

if not stage.DEEP:
    stage.skip("only with TOCSIN_DEEP=1")
RABBIT = "/usr/lib/rabbitmq/bin/"
if not os.path.exists(RABBIT + "rabbitmq-server") or shutil.which("epmd") is None:
    stage.skip("no rabbitmq-server (apt-get install rabbitmq-server)")

NODES = 3
with open(os.environ["TOCSIN_SOURCE"] + "/beacon/tocsin-beacon/brokers/rabbitmq.conf") as sample:
    SAMPLE = sample.read()
assert "mqtt.listeners.tcp.1 = 127.0.0.1:1883\n" in SAMPLE


class Cluster:
    """On a host of its own, so that its ports (Erlang's listen everywhere) are nobody else's."""

    def __init__(self):
        self.host = stage.Host()
        self.epmd = subprocess.Popen([*self.host.prefix, "epmd", "-address", "127.0.0.1"])
        self.nodes = [None] * NODES
        for n in range(NODES):
            self.configure(n)
        for n in range(NODES):
            begin = time.monotonic()
            self.start(n)
            print("  node %d ready after %.0f s" % (n + 1, time.monotonic() - begin), flush=True)

    def environment(self, n):
        folder = "%s/node%d" % (stage.HERE, n)
        return dict(os.environ, HOME=stage.HERE, RABBITMQ_NODENAME="n%d@localhost" % n,
                    RABBITMQ_NODE_IP_ADDRESS="127.0.0.1", RABBITMQ_NODE_PORT=str(5672 + n), RABBITMQ_DIST_PORT=str(25672 + n),
                    RABBITMQ_MNESIA_BASE=folder + "/mnesia", RABBITMQ_LOG_BASE=folder + "/log",
                    RABBITMQ_CONFIG_FILE=folder + "/rabbitmq.conf", RABBITMQ_ENABLED_PLUGINS_FILE=folder + "/plugins",
                    RABBITMQ_PID_FILE=folder + "/pid", RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="+S 2:2 +sbwt none")

    def configure(self, n):
        folder = "%s/node%d" % (stage.HERE, n)
        os.makedirs(folder + "/log")
        with open(folder + "/plugins", "w") as file:
            file.write("[rabbitmq_mqtt].\n")
        with open(folder + "/rabbitmq.conf", "w") as file:
            file.write(SAMPLE.replace("127.0.0.1:1883", "127.0.0.1:%d" % (1883 + n)) +
                       "listeners.tcp.1 = 127.0.0.1:%d\nlog.console = false\nlog.file.level = info\n"
                       "cluster_formation.peer_discovery_backend = classic_config\n" % (5672 + n) +
                       "".join("cluster_formation.classic_config.nodes.%d = n%d@localhost\n" % (i + 1, i) for i in range(NODES)))

    def start(self, n):
        self.nodes[n] = subprocess.Popen([*self.host.prefix, RABBIT + "rabbitmq-server"], env=self.environment(n),
                                         stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + patience(120)
        while subprocess.run([*self.host.prefix, "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/%d" % (1883 + n)],
                             stderr=subprocess.DEVNULL).returncode != 0:
            assert time.monotonic() < deadline and self.nodes[n].poll() is None, self.log(n)
            time.sleep(0.5)

    def control(self, n, *words):
        out = subprocess.run([*self.host.prefix, RABBIT + "rabbitmqctl", "-n", "n%d@localhost" % n, *words],
                             env=self.environment(n), capture_output=True, text=True, timeout=patience(60))
        return out.stdout + out.stderr

    def kill(self, n):
        with open("%s/node%d/pid" % (stage.HERE, n)) as file:
            os.kill(int(file.read()), 9)

    def log(self, n):
        folder = "%s/node%d/log" % (stage.HERE, n)
        return "".join(open(os.path.join(folder, name)).read() for name in sorted(os.listdir(folder)))

    def end(self):
        for n in range(NODES):
            try:
                self.kill(n)
            except OSError:
                pass
        self.epmd.kill()
        self.host.process.kill()


def a_node_killed_in_the_countdown_loses_no_start():
    cluster = Cluster()
    try:
        told = cluster.control(0, "-q", "cluster_status", "--formatter", "json")
        running = json.loads(told)["running_nodes"]
        print("  running: %s" % " ".join(running), flush=True)
        assert len(running) == NODES, told
        url = ["mqtt://127.0.0.1:%d" % (1883 + n) for n in range(NODES)]
        c = stage.constellation(45)
        c.write("cluster.bundle")
        beacon = stage.Beacon(c, "--broker", url[0], "--broker", url[1], host=cluster.host)
        beacon.expect("link 0 up", 40)
        beacon.expect("link 1 up", 40)
        far = "offset=20000 ppm=60 unsync"
        listeners = [
            ("at the beacon's node", stage.Listener(c, "--broker", url[0], host=cluster.host, clock=far)),
            ("at the node that dies", stage.Listener(c, "--broker", url[1], host=cluster.host, clock=far)),
            ("at the third node", stage.Listener(c, "--bundle", "cluster.bundle", "--broker", url[2], host=cluster.host,
                                                 clock=far)),
            ("at the last two", stage.Listener(c, "--bundle", "cluster.bundle", "--broker", url[1], "--broker", url[2],
                                               host=cluster.host, clock=far))]
        for _, listener in listeners:
            listener.expect("clock", text="answered a fresh question", seconds=20)
        stage.sleep_until(c.t0 - 12)
        cluster.kill(1)
        for name, listener in listeners:
            started = listener.started(60)
            error = listener.error_us(started, c.t0) / 1000
            print("  %-24s %+.2f ms (stated %+.1f to %+.1f)" % (name, error, started["bound_earliest_us"] / 1e3,
                                                                started["bound_latest_us"] / 1e3), flush=True)
            assert started["bound_earliest_us"] - stage.MARGIN_US <= error * 1000 <= started["bound_latest_us"] + stage.MARGIN_US
            assert abs(error) < 50 + stage.slack_ms(), started
        assert any("link 1 down" in line for line in beacon.lines)
        assert not any("link 0 down" in line for line in beacon.lines[beacon.expect("tick 0,"):])
        lines = [line for n in (0, 2) for line in cluster.log(n).splitlines() if "n1@localhost" in line and
                 ("down" in line or "nodedown" in line or "not responding" in line)]
        print("  the others' log: %s" % "; ".join(sorted({line.split("> ", 1)[-1] for line in lines}))[:500], flush=True)
        assert lines
        beacon.kill()
    finally:
        cluster.end()


stage.run_all((a_node_killed_in_the_countdown_loses_no_start,))
