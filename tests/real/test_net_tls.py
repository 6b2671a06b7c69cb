"""Threat row 27 with whole programs: brokers over TLS with authorities of our own.  Who is right is let in,
with a name and password, over a unix socket, by beacon and listener; every wrong one is refused with one
line that says what to look at, and the countdown goes on."""
import os
import subprocess

import stage

NAMES = {"good": "DNS:localhost,IP:127.0.0.1", "elsewhere": "DNS:elsewhere.example", "expired": "DNS:localhost",
         "early": "DNS:localhost"}


def shell(command):
    out = subprocess.run(["bash", "-ec", command], capture_output=True, text=True)
    assert out.returncode == 0, (command, out.stderr)


def make_certificates():
    key = "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
    for authority in ("ours", "theirs"):
        shell(key + " -x509 -keyout {0}-ca.key -out {0}-ca.pem -days 2 -subj /CN={0}".format(authority))
    os.makedirs("ca.d", exist_ok=True)
    shell(": >ca.d/index.txt; : >empty.pem; head -c 300 ours-ca.pem >cut.pem")
    with open("ca.conf", "w") as file:
        file.write("[ca]\ndefault_ca=ours\n[ours]\ndir=ca.d\ndatabase=ca.d/index.txt\nnew_certs_dir=ca.d\nrand_serial=yes\n"
                   "default_md=sha256\npolicy=any\ncopy_extensions=copy\nunique_subject=no\n[any]\ncommonName=supplied\n")
    when = {"expired": "-startdate 20200101000000Z -enddate 20210101000000Z",
            "early": "-startdate 20900101000000Z -enddate 20910101000000Z"}
    for name, names in NAMES.items():
        shell(key + " -keyout {0}.key -out {0}.csr -subj /CN={0} -addext subjectAltName={1}".format(name, names))
        shell("openssl ca -batch -config ca.conf -cert ours-ca.pem -keyfile ours-ca.key -in {0}.csr -out {0}.pem {1}".format(
            name, when.get(name, "-days 1")))
    shell(key + " -x509 -keyout self.key -out self.pem -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost")
    shell("chmod 644 *.key; printf 'beacon:candle\\nsite:lamp\\n' >users; mosquitto_passwd -U users; chmod 644 users")


def tls_broker(certificate, config=""):
    broker = stage.Broker(config="certfile %s/%s.pem\nkeyfile %s/%s.key\n%s" % (
        stage.HERE, certificate, stage.HERE, certificate, config))
    broker.tls = "mqtts://localhost:%d" % broker.port
    return broker


def password(text):
    read, write = os.pipe()
    os.write(write, text.encode() + b"\n")
    os.close(write)
    return read


def the_right_ones_are_let_in():
    """TLS with a name and password; beside it a unix socket; a countdown over both."""
    c = stage.constellation(24)
    config = "allow_anonymous false\npassword_file %s/users\nlistener 0 %s/socket\n" % (stage.HERE, stage.HERE)
    broker = tls_broker("good", config)
    secret = password("candle")
    beacon = stage.Beacon(c, "--broker", broker.tls, "--ca", "ours-ca.pem", "--user", "beacon", "--password-fd", str(secret),
                          pass_fds=[secret])
    beacon.expect("tick 1,")
    listeners = []
    for url in (broker.tls, "unix:%s/socket" % stage.HERE):
        secret = password("lamp")
        listeners.append(stage.Listener(c, "--broker", url, "--ca", "ours-ca.pem", "--user", "site", "--password-fd",
                                        str(secret), clock="offset=9 ppm=10 unsync", pass_fds=[secret]))
    organizers = ["--store", "organizers.store", "--config", "organizers"]
    subprocess.run(["tocsin", "root", "trust", c.write("trusted.bundle"), "--yes", *organizers], check=True, stdout=subprocess.DEVNULL)
    for word, code in (("lamp", 0), ("wrong", 3)):
        secret = password(word)
        synced = subprocess.run(["tocsin", "sync", broker.tls, "--ca", "ours-ca.pem", "--user", "site", "--password-fd", str(secret),
                                 "--timeout", "5", *organizers], pass_fds=[secret], capture_output=True, text=True)
        assert synced.returncode == code, (word, synced)
    secret = password("wrong")
    stranger = stage.Listener(c, "--broker", broker.tls, "--ca", "ours-ca.pem", "--user", "site", "--password-fd", str(secret),
                              clock="sync=0.002", once=False, pass_fds=[secret])
    said = stranger.expect("broker", text="goes on without it")["text"]
    assert "the broker refused" in said, said
    stranger.kill()
    for listener in listeners:
        started = listener.started(40)
        error = listener.error_us(started, c.t0) / 1000
        print("  %s: %+.2f ms" % (listener.process.args[listener.process.args.index("--broker") + 1], error), flush=True)
        assert -5 < error < 50 + stage.slack_ms() or "unix" in str(listener.process.args), started
        assert started["bound_earliest_us"] <= error * 1000 + 100 and error * 1000 <= started["bound_latest_us"] + 100
    beacon.kill()
    broker.kill()


def every_wrong_one_is_refused_with_one_line():
    c = stage.constellation(12)
    c.write("refused.bundle")
    port = stage.free_port()
    has_ipv6 = os.path.exists("/proc/net/if_inet6") and " lo\n" in open("/proc/net/if_inet6").read()
    good, plain = tls_broker("good"), stage.Broker(config="listener %d ::1\n" % port if has_ipv6 else "")
    cases = [("the right one", good.tls, "ours-ca.pem", None),
             ("by address", "mqtts://127.0.0.1:%d" % good.port, "ours-ca.pem", None),
             *([("by IPv6", "mqtt://[::1]:%d" % port, None, None)] if has_ipv6 else []),
             ("wrong CA", good.tls, "theirs-ca.pem", "--ca FILE"), ("empty CA", good.tls, "empty.pem", "check --ca"),
             ("cut CA", good.tls, "cut.pem", "check --ca"), ("missing CA", good.tls, "nowhere.pem", "check --ca"),
             ("the system's CAs", good.tls, None, "--ca FILE"),
             ("no TLS there", "mqtts://localhost:%d" % plain.port, "ours-ca.pem", "no TLS is spoken there")]
    brokers = [good, plain]
    for name, words in (("elsewhere", "another name than localhost"), ("expired", "expired on 2021-01-01"),
                        ("early", "not valid before 2090-01-01"), ("self", "--ca FILE")):
        broker = tls_broker(name)
        brokers.append(broker)
        cases.append((name, broker.tls, "ours-ca.pem", words))
    # A board that wakes in 2001 hears what puts its clock right; what expired before this release is refused still.
    for name, words in (("early", "connected"), ("expired", "expired on 2021-01-01")):
        broker = brokers[-3] if name == "expired" else brokers[-2]
        board = stage.Listener(c, "--bundle", "refused.bundle", "--broker", broker.tls, "--ca", "ours-ca.pem", once=False,
                               clock="unsync offset=-800000000")
        board.expect("clock", text="from when a broker's certificate is valid is not judged, and its end by 20")
        board.expect("broker", text=words)
        board.kill()
    running = []
    for name, url, ca, remedy in cases:
        arguments = ["--broker", url, *(["--ca", ca] if ca else [])]
        running.append((name, remedy, stage.Listener(c, "--bundle", "refused.bundle", *arguments, clock="sync=0.002"),
                        stage.Beacon(c, *arguments)))
    for name, remedy, listener, beacon in running:
        if remedy is None:
            listener.expect("broker", text="connected")
            beacon.expect("link 0 up")
        else:
            said = listener.expect("broker", text="goes on without it")["text"]
            line = beacon.lines[beacon.expect("link 0 down")]
            assert remedy in said and remedy in line, (name, said, line)
    stage.sleep_until(c.t0 - 1)
    for name, remedy, listener, beacon in running:
        told = [e["text"] for e in listener.lines if e["event"] == "broker"]
        # 3 tries or more by now, one line
        assert len(told) == 1 and ("connected" in told[0]) == (remedy is None), (name, told)
        listener.started()
        assert remedy is None or not any("link 0 up" in line for line in beacon.lines), name
        print("  %-18s %s" % (name, told[0].split(": ", 1)[1]), flush=True)
        beacon.kill()
    for broker in brokers:
        broker.kill()


make_certificates()
stage.run_together((the_right_ones_are_let_in, every_wrong_one_is_refused_with_one_line))
