"""tocsin serve beside nginx handing out the same files: answers to who has the feed already, an honest reader beside 500
connections that drip, and what a nightly wave of 190 days in eight languages weighs: disk, memory, time, and how long a
change takes to be seen.  Ratios are of the same run: against nginx, against a copy of the same bytes, against the limit."""
import contextlib
import http.client
import os
import pathlib
import re
import resource
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import urllib.request

TOCSIN = os.environ["TOCSIN_BIN"] + "/tocsin"
LANGUAGES = "ar de el es fr it ja uk".split()
DRIPS, ASKED = 500, 2000


def tocsin(*words):
    done = subprocess.run([TOCSIN, *words], capture_output=True, text=True, env=env, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done
    return done.stdout.strip()


@contextlib.contextmanager
def serving(*words):
    server = subprocess.Popen([TOCSIN, "serve", "--listen", "127.0.0.1:0", *words], env=env, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, text=True)
    try:
        yield server, server.stdout.readline().split()[1]
    finally:
        server.terminate()
        server.wait(60)


@contextlib.contextmanager
def nginx(folder, keepalive_s=75):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    conf = pathlib.Path("nginx.conf").resolve()
    conf.write_text(f"daemon off; worker_processes 1; pid {conf}.pid; error_log stderr crit; user root;\n"
                    "events { worker_connections 2048; }\n"
                    f"http {{ access_log off; types {{ text/calendar ics; }} keepalive_timeout {keepalive_s}; "
                    f"keepalive_requests 100000000; gzip off; server {{ listen 127.0.0.1:{port} backlog=1024; root {folder}; }} }}\n")
    server = subprocess.Popen(["nginx", "-c", str(conf)], stderr=subprocess.DEVNULL)
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            break
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait(20)


def again_per_s(url):
    with urllib.request.urlopen(url) as answer:
        etag = answer.headers["ETag"]
    told = subprocess.run(["wrk", "-c", "16", "-t", "1", "-d", "3s", "-H", f"If-None-Match: {etag}", url], capture_output=True, text=True,
                          check=True).stdout
    return float(re.search(r"Requests/sec:\s*([\d.]+)", told)[1])


def answers(feed, folder):
    if not shutil.which("wrk"):
        print("wrk is not installed: answers without a body are not compared")
        return
    with serving(str(folder)) as (_, url), nginx(folder) as kept:
        ours, theirs = again_per_s(url + feed), again_per_s(kept + feed)
    with nginx(folder, keepalive_s=0) as closing:
        closed = again_per_s(closing + feed)
    print(f"304s a second: tocsin {ours:.0f}; nginx {theirs:.0f} on kept connections, ratio {ours / theirs:.2f} (aim: 0.8); "
          f"nginx {closed:.0f} that closes each as we must, ratio {ours / closed:.2f}")


def ask(url, path, count):
    """Milliseconds of each answer, on one connection that is kept."""
    host = re.match(r"http://([^/]*)/", url)[1]
    connection, took = http.client.HTTPConnection(host, timeout=60), []
    for _ in range(count):
        begun = time.perf_counter()
        connection.request("GET", "/" + path, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        took.append(1e3 * (time.perf_counter() - begun))
    return sorted(took)


def drip(url, stop):
    """500 connections that send a letter of their request every half second, and are made again when they are cut."""
    host, port = re.match(r"http://([^:]*):(\d+)/", url).groups()
    drips = []
    while not stop.is_set():
        while len(drips) < DRIPS:
            one = socket.create_connection((host, int(port)))
            one.setblocking(False)
            one.send(b"GET / HTTP/1.1\r\nHost: ")
            drips.append(one)
        for one in list(drips):
            try:
                one.send(b"x")
            except OSError:
                one.close()
                drips.remove(one)
        stop.wait(0.5)
    for one in drips:
        one.close()


def beside_drips(name, url, path):
    alone, stop = ask(url, path, ASKED), threading.Event()
    dripping = threading.Thread(target=drip, args=(url, stop))
    dripping.start()
    time.sleep(2)
    beside = ask(url, path, ASKED)
    stop.set()
    dripping.join()
    p99 = [took[ASKED * 99 // 100] for took in (alone, beside)]
    print(f"{name}: p99 of an honest reader alone {p99[0]:.2f} ms, beside {DRIPS} dripping connections {p99[1]:.2f} ms, "
          f"ratio {p99[1] / p99[0]:.2f}")


def status_kb(pid, key):
    return int(re.search(rf"^{key}:\s*(\d+) kB", pathlib.Path(f"/proc/{pid}/status").read_text(), re.M)[1])


def distinct_mb(folder):
    return sum({file.stat().st_ino: file.stat().st_size for file in folder.rglob("*") if file.is_file()}.values()) / 1e6


def until_seen(url, feed, text):
    begun = time.perf_counter()
    while text not in urllib.request.urlopen(url + feed).read():
        assert time.perf_counter() - begun < 120
        time.sleep(0.01)
    return time.perf_counter() - begun


def cpu_s(pid):
    """Of a process and its children that have ended."""
    return sum(map(int, pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15])) / os.sysconf("SC_CLK_TCK")


def nightly_wave():
    titles = [word for language in LANGUAGES for word in (f"--title.{language}", f"Pots and pans, {language}")]
    tocsin("declare", "--title", "Pots and pans", *titles, "--rule", "every day at 20:00 everywhere for 10m", "--horizon", "190d",
           "--key", "anna", "--yes")
    folder = pathlib.Path("wave").resolve()
    begun, used = time.perf_counter(), os.times()
    tocsin("export", str(folder))
    export_s, files = time.perf_counter() - begun, sum(file.is_file() for file in folder.rglob("*"))
    export_cpu_s = os.times().children_user + os.times().children_system - used.children_user - used.children_system
    export_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e3
    begun = time.perf_counter()
    subprocess.run(["cp", "-a", str(folder), "copy"], check=True)
    copy_s, mb = time.perf_counter() - begun, distinct_mb(folder)
    print(f"nightly wave, 190 days, {len(LANGUAGES)} languages: {files} files, {mb:.1f} MB of distinct bytes, ratio to the limit of 80 MB "
          f"{mb / 80:.2f}; exported in {export_s:.2f} s, ratio to the limit of 5 s {export_s / 5:.2f}, to cp -a of it {export_s / copy_s:.1f}; "
          f"of a processor {export_cpu_s:.2f} s, ratio {export_cpu_s / 5:.2f}; at most {export_mb:.0f} MB of memory")
    with serving(str(folder)) as (server, url):
        used = cpu_s(server.pid)
        uid = tocsin("declare", "--title", "One more", "--rule", "2 august at 10:25 in Europe/Rome for 1m", "--key", "anna", "--yes")
        seen_s = until_seen(url, next(folder.glob("plain/*/Europe/Rome.ics")).relative_to(folder).as_posix(), uid.encode())
        seen_cpu_s, peak_mb = cpu_s(server.pid) - used, status_kb(server.pid, "VmHWM") / 1e3
    print(f"served: at most {peak_mb:.0f} MB of memory, ratio to the limit of 128 MiB {peak_mb / 134.2:.2f}; a new record is in the feed "
          f"after {seen_s:.2f} s, ratio to the limit of 3 s {seen_s / 3:.2f}; of a processor {seen_cpu_s:.2f} s, ratio {seen_cpu_s / 3:.2f}")


@contextlib.contextmanager
def constellation():
    global env
    with tempfile.TemporaryDirectory() as home:
        env = {"PATH": os.environ["PATH"], "HOME": home, "TZ": "Europe/Rome", "TMPDIR": home}
        os.chdir(home)
        os.chmod(home, 0o755)
        tocsin("key", "new", "anna", "--unsealed")
        tocsin("root", "new", "Valley", "--organizer", "anna", "--threshold", "1", "--key", "anna", "--yes")
        yield
        os.chdir("/")


with constellation():
    for number in range(20):
        tocsin("declare", "--title", f"Minute {number}", "--rule", f"{number + 1} august at 10:25 in Europe/Rome for 1m", "--key", "anna", "--yes")
    small = pathlib.Path("small").resolve()
    tocsin("export", str(small), "--zone", "Europe/Rome")
    feed = next(small.glob("plain/*.ics")).relative_to(small).as_posix()
    answers(feed, small)
    with serving(str(small)) as (_, url):
        beside_drips("tocsin", url, feed)
    with nginx(small) as url:
        beside_drips("nginx ", url, feed)
with constellation():
    nightly_wave()
