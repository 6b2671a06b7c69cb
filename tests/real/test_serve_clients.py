"""HTTP clients that once hung or failed on answers like ours: perl's LWP, OkHttp (the library of Android's
subscribers) and wrk, each asking tocsin serve again for what it has."""
import glob
import os
import pathlib
import re
import shutil
import subprocess
import sys
import urllib.request

TOCSIN = os.path.join(os.environ["TOCSIN_BIN"], "tocsin")
HERE = pathlib.Path.cwd()
ENV = {"PATH": os.environ["PATH"], "HOME": str(HERE), "LANG": "C.UTF-8", "TMPDIR": str(HERE)}
# a client that waits for a body gives up before the server's own deadline (10 s) would help it
PATIENCE_S = 8

LWP = """
use LWP::UserAgent;
my ($url, $etag, $patience) = @ARGV;
my $ua = LWP::UserAgent->new(keep_alive => 1, timeout => $patience);
for my $round (1 .. 5) {
    my $got = $ua->get($url, 'If-None-Match' => $etag);
    print $got->code, " ", length($got->content), "\\n";
}
"""

OKHTTP = """
import java.io.File;
import java.util.concurrent.TimeUnit;
import okhttp3.*;

public class Ask {
    public static void main(String[] args) throws Exception {
        long patience = Long.parseLong(args[2]);
        OkHttpClient client = new OkHttpClient.Builder().readTimeout(patience, TimeUnit.SECONDS)
            .cache(new Cache(new File("okcache"), 10000000)).build();
        for (int round = 0; round < 3; round++) {
            Request known = new Request.Builder().url(args[0]).header("If-None-Match", args[1]).build();
            try (Response answer = client.newCall(known).execute()) {
                System.out.println(answer.code() + " " + answer.body().bytes().length);
            }
        }
        for (int round = 0; round < 3; round++) { // its own cache asks again by itself
            try (Response answer = client.newCall(new Request.Builder().url(args[0]).build()).execute()) {
                int network = answer.networkResponse() == null ? 0 : answer.networkResponse().code();
                System.out.println(answer.code() + " " + answer.body().bytes().length + " " + network);
            }
        }
        System.exit(0);
    }
}
"""


def tocsin(*args):
    done = subprocess.run([TOCSIN, *args], env=ENV, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert done.returncode == 0, (args, done.returncode, done.stderr)


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, (command, done.stdout, done.stderr)
    return done.stdout.splitlines()


tocsin("key", "new", "anna", "--unsealed")
tocsin("root", "new", "Everywhere", "--threshold", "1", "--organizer", "anna", "--key", "anna", "--yes")
tocsin("declare", "--title", "Pots and pans", "--rule", "1 may at 20:00 everywhere for 15m", "--key", "anna", "--yes")
server = subprocess.Popen([TOCSIN, "serve", "--listen", "127.0.0.1:0", "--zone", "Europe/Rome", "site"], env=ENV,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
seen = []
try:
    url = server.stdout.readline().split()[1] + str(next((HERE / "site/plain").glob("????????????????.ics")).relative_to(HERE / "site"))
    with urllib.request.urlopen(url) as answer:
        etag, size = answer.headers["ETag"], len(answer.read())

    if shutil.which("perl") and subprocess.run(["perl", "-MLWP::UserAgent", "-e", "0"], capture_output=True).returncode == 0:
        assert run("perl", "-e", LWP, url, etag, str(PATIENCE_S)) == ["304 0"] * 5
        seen.append("LWP")

    jars = [j for name in ("okhttp", "okio") for j in glob.glob(f"/usr/share/java/{name}.jar")]
    if shutil.which("javac") and len(jars) == 2:
        pathlib.Path("Ask.java").write_text(OKHTTP)
        asking = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})  # as OkHttp does
        with urllib.request.urlopen(asking) as answer:
            packed = answer.headers["ETag"]
        told = run("java", "-cp", ":".join(jars), "Ask.java", url, packed, str(PATIENCE_S))
        assert told[:3] == ["304 0"] * 3, told
        assert told[3:] == [f"200 {size} 200", f"200 {size} 304", f"200 {size} 304"], told
        seen.append("OkHttp")

    if shutil.which("wrk"):
        told = "\n".join(run("wrk", "-c", "8", "-t", "1", "-d", "2s", "-H", f"If-None-Match: {etag}", url))
        answered = int(re.search(r"(\d+) requests in", told)[1])
        assert answered > 10 and "timeout" not in told, told
        seen.append(f"wrk ({answered} answers in 2 s)")
finally:
    server.terminate()
    assert server.wait() == 0
print("asked again, and answered: " + ", ".join(seen))
sys.exit(0 if seen else 77)
