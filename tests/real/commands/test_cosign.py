"""tocsin cosign: a second signature, here or by post; stock minisign verifies it."""
import json
import pathlib
import shutil
import subprocess

from organizers import Place, bologna, run, test


@test
def stock_minisign_verifies_what_we_wrote():
    tocsin, _ = bologna()
    records = sorted((tocsin.store / "records").glob("*/*.rec"))
    assert len(records) == 2, records
    for record in records:
        for name in ("anna", "bela"):
            key_id = next(r["id"] for r in json.loads(tocsin("key", "list", "--format", "json")) if r["name"] == name)
            signature = tocsin.store / "sigs" / record.parent.name / f"{record.stem}.{key_id}.minisig"
            done = subprocess.run(["minisign", "-Vm", record, "-x", signature, "-p", tocsin.keys / f"{name}.pub"], capture_output=True)
            assert done.returncode == 0, (done.stdout, done.stderr)
            assert f"tocsin {'root' if record.stem == tocsin.root else 'window'} {record.stem}".encode() in done.stdout, done.stdout


@test
def another_place_takes_the_root_and_cosigns_a_file():
    """Chidi has a computer of his own: a bundle comes by post, his signature goes back by post."""
    tocsin, uid = bologna()
    tocsin("declare", "--title", "By post", "--rule", "2027-03-01 at 12:00 UTC for 5m", "--key", "anna", "--yes")
    post = next(r for r in json.loads(tocsin("list", "--format", "json")) if r["title"] == "By post")["uid"]
    assert post != uid
    bundle, back = (pathlib.Path.cwd() / name for name in ("post.bundle", "back.bundle"))
    bundle.write_bytes(tocsin("show", post, "--bundle", raw=True))
    far = Place("far")
    far.keys.mkdir(parents=True)
    shutil.copy(tocsin.keys / "chidi.key", far.keys / "chidi.key")
    far("cosign", bundle, "--yes", code=2, err="root trust")
    far("root", "trust", bundle, code=2, err="--yes")
    far("root", "trust", bundle, "--yes", out=tocsin.root)
    far("cosign", bundle, "--yes")
    far("list", "--format", "tsv", out=f"^{post}\tconfirmed")
    back.write_bytes(far("show", post, "--bundle", raw=True))
    tocsin("verify", back, out="good .*window .*signed by 2")
    tocsin("cosign", back, "--key", "bela", "--yes", code=1, err="nothing in it")  # but it is taken in
    tocsin("list", "--format", "tsv", out=f"^{post}\tconfirmed")


run()
