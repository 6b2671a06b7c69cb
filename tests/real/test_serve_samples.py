"""The samples for nginx, Apache and Caddy, in front of an exported site and of tocsin serve: what
tocsin-feeds(5) asks of whoever hands it out."""
import concurrent.futures
import gzip
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from ports import free_port

TOCSIN = os.path.join(os.environ["TOCSIN_BIN"], "tocsin")
SAMPLES = pathlib.Path(os.environ["TOCSIN_SOURCE"]) / "clients/tocsin/serving"
HERE = pathlib.Path.cwd()
os.chmod(HERE, 0o755)  # Apache and nginx give up their rights
ENV = {"PATH": os.environ["PATH"], "HOME": str(HERE), "LANG": "C.UTF-8", "TMPDIR": str(HERE)}
TYPES = {".ics": "text/calendar; charset=utf-8", ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8",
         ".atom": "application/atom+xml; charset=utf-8", ".json": "application/json", ".tocsin": "application/octet-stream",
         ".minisig": "text/plain; charset=utf-8", ".tsv": "text/tab-separated-values; charset=utf-8"}


def tocsin(*args):
    done = subprocess.run([TOCSIN, *args], env=ENV, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert done.returncode == 0, (args, done.returncode, done.stderr)
    return done.stdout


def get(url, **headers):
    """Status, headers, body; no redirect is followed and no status is an exception."""
    request = urllib.request.Request(url, headers={k.replace("_", "-"): v for k, v in headers.items()})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers, answer.read()


def plain(content_type):
    return re.sub(r"\s+", "", content_type or "").lower()


def look(name, url, site, strict=True):
    """What a reader sees."""
    files = {}
    for path in site.rglob("*"):
        if path.is_file():
            files.setdefault(path.suffix, path)
    assert set(TYPES) <= set(files), set(TYPES) - set(files)
    for suffix, wanted in TYPES.items():
        path = files[suffix]
        status, headers, body = get(url + str(path.relative_to(site)))
        assert status == 200 and body == path.read_bytes(), (name, path, status)
        assert plain(headers["Content-Type"]) == plain(wanted), (name, path, headers["Content-Type"])
        assert headers["X-Content-Type-Options"] == "nosniff", (name, path)
        assert headers["Access-Control-Allow-Origin"] == "*", (name, path)
        assert headers["Cache-Control"] == "no-cache", (name, path)
    feed = url + str(files[".ics"].relative_to(site))
    _, first, body = get(feed)
    status, known, nothing = get(feed, If_None_Match=first["ETag"])
    assert status == 304 and nothing == b"" and known["Content-Length"] is None, (name, status, known)
    status, _, _ = get(feed, If_Modified_Since=first["Last-Modified"])
    assert status == 304, (name, status)
    status, headers, packed = get(feed, Accept_Encoding="gzip")
    assert headers["Content-Encoding"] == "gzip" and gzip.decompress(packed) == body, name
    assert "accept-encoding" in headers["Vary"].lower(), (name, headers["Vary"])
    status, _, _ = get(feed, If_None_Match=headers["ETag"], Accept_Encoding="gzip")
    assert status == 304, (name, "gzip", status)
    assert get(url)[0] == 200 and get(url + "it")[0] == 200 and get(url + "nothing.ics")[0] == 404, name


class Server:
    """A program of Debian's with one of our samples."""

    def __init__(self, name, command, port):
        self.name, self.url = name, f"http://127.0.0.1:{port}/"
        self.process = subprocess.Popen(command, cwd=HERE, stdin=subprocess.DEVNULL, stdout=open(f"{name}.log", "wb"),
                                        stderr=subprocess.STDOUT, env={**ENV, "XDG_DATA_HOME": str(HERE)})
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                assert self.process.poll() is None, (name, pathlib.Path(f"{name}.log").read_text())
                time.sleep(0.05)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def sample(file, port, site):
    text = (SAMPLES / file).read_text()
    assert "/var/www/tocsin" in text
    return text.replace("/var/www/tocsin", str(site)).replace("*:80>", f"127.0.0.1:{port}>").replace(
        "listen 80;", f"listen 127.0.0.1:{port};").replace("feeds.example.org {", f"http://127.0.0.1:{port} {{")


def nginx(port, text):
    pathlib.Path("nginx.conf").write_text(
        "daemon off; worker_processes 1; pid nginx.pid; error_log stderr;\nevents { worker_connections 512; }\n"
        f"http {{\n  client_body_temp_path nx1; proxy_temp_path nx2; fastcgi_temp_path nx3; uwsgi_temp_path nx4; scgi_temp_path nx5;\n{text}}}\n")
    return Server("nginx", ["nginx", "-p", str(HERE), "-c", str(HERE / "nginx.conf")], port)


def apache(port, site):
    modules = "\n".join(f"LoadModule {m}_module /usr/lib/apache2/modules/mod_{m}.so" for m in
                        ("mpm_event", "authz_core", "dir", "deflate", "filter", "headers", "mime"))
    pathlib.Path("apache.conf").write_text(
        f"ServerRoot {HERE}\nServerName localhost\nPidFile {HERE}/apache.pid\nListen 127.0.0.1:{port}\nErrorLog /dev/stderr\n"
        f"User nobody\nGroup nogroup\nTypesConfig /dev/null\n{modules}\n".replace("TypesConfig /dev/null\n", "") +
        "TypesConfig /dev/null\n" + sample("apache.conf", port, site))
    return Server("apache", ["/usr/sbin/apache2", "-D", "FOREGROUND", "-f", str(HERE / "apache.conf")], port)


def caddy(port, site):
    pathlib.Path("Caddyfile").write_text("{\n\tadmin off\n\tauto_https off\n}\n" + sample("Caddyfile", port, site))
    return Server("caddy", ["caddy", "run", "--config", "Caddyfile", "--adapter", "caddyfile"], port)


tocsin("key", "new", "anna", "--unsealed")
tocsin("key", "new", "site", "--unsealed")
tocsin("root", "new", "Everywhere", "--threshold", "1", "--organizer", "anna", "--feed", "site=https://feeds.example.org/",
       "--key", "anna", "--yes")
tocsin("declare", "--title", "Pots and pans", "--title.it", "Pentole", "--rule", "1 may at 20:00 everywhere for 15m",
       "--key", "anna", "--yes")
site = HERE / "site"
tocsin("export", str(site), "--key", "site")
for path in [site, *site.rglob("*")]:
    os.chmod(path, 0o755 if path.is_dir() else 0o644)
seen = []

if shutil.which("nginx"):
    port = free_port()
    with nginx(port, sample("nginx.conf", port, site)) as server:
        look("nginx", server.url, site)
    seen.append("nginx")
if os.path.exists("/usr/sbin/apache2"):
    with apache(free_port(), site) as server:
        look("apache", server.url, site)
    seen.append("apache")
if shutil.which("caddy"):
    with caddy(free_port(), site) as server:
        look("caddy", server.url, site)
    seen.append("caddy")

ours = subprocess.Popen([TOCSIN, "serve", "--listen", "127.0.0.1:0", "--key", "site", "--url", "https://feeds.example.org/", "ours"],
                        env=ENV, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
try:
    direct = ours.stdout.readline().split()[1]
    look("tocsin serve", direct, HERE / "ours")
    seen.append("tocsin serve")
    if shutil.which("nginx"):
        proxy = "server {{ listen 127.0.0.1:{}; location / {{ proxy_pass {}; }} }}\n"
        port = free_port()
        with nginx(port, proxy.format(port, direct[:-1])) as server:
            look("tocsin serve behind nginx", server.url, HERE / "ours")
            feed = server.url + str(next((HERE / "ours/it").rglob("*.ics")).relative_to(HERE / "ours"))
            with concurrent.futures.ThreadPoolExecutor(100) as many:
                answers = list(many.map(lambda _: get(feed)[0], range(1000)))
            assert set(answers) == {200}, {code: answers.count(code) for code in set(answers)}
        seen.append("a hundred readers through nginx")
finally:
    ours.terminate()
    assert ours.wait() == 0
print("handed out as asked: " + ", ".join(seen))
sys.exit(0 if len(seen) > 2 else 77)
