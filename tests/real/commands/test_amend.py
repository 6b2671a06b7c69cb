"""tocsin amend: what it drops and moves is told; an amendment of nothing settles a contest."""
from organizers import bologna, run, test, valley


@test
def a_title_in_another_language_that_stays_is_told():
    tocsin, uid = bologna()
    tocsin("amend", uid, "--title", "Two minutes", "--key", "anna", code=2, err=r"title\.it stays as it was: Un minuto per Bologna$", no_err="about stays")
    tocsin("amend", uid, "--title", "Two minutes", "--title.it", "Due minuti", "--title.pt-br=Dois", "--key", "anna", code=2, no_err="stays")


@test
def an_amendment_tells_what_it_drops_and_moves():
    tocsin = valley()
    uid = tocsin.declare("--title", "Easter", "--rule", "easter at 10:00 UTC", "--for", "1m", "--horizon", "4y")
    tocsin("amend", uid, "--title", "x", "--key", "anna", code=2, err="give --yes", no_err="no longer|moves")
    tocsin("amend", uid, "--horizon", "2028-12-31", "--key", "anna", code=2, no_err="2027 2027.* to |no longer: 202[78]",
           err=r"^  no longer: 2029 2029-04-01T10:00:00Z\n  no longer: 2030 2030-04-21T10:00:00Z$"
               r"[^\0]*^tocsin: warning: of 4 announced occurrences still to come this drops 2$")
    tocsin("amend", uid, "--rule", "easter at 11:00 UTC for 1m", "--horizon", "2029-12-31", "--key", "anna", code=2,
           at="2028-05-01T00:00:00Z",
           err=r"^  moves: 2029 2029-04-01T10:00:00Z to 2029-04-01T11:00:00Z\n  no longer: 2030 [^\0]*of 2 .* drops 1 and moves 1$",
           no_err="202[78]-.*10:00:00Z to")
    tocsin("amend", uid, "--rule", "easter at 11:00 UTC for 1m", "--key", "anna", code=2, err=r"of 4 .* this moves 4$", no_err="no longer")
    wave = tocsin.declare("--title", "Wave", "--rule", "25 april at 20:00 everywhere for 15m")
    tocsin("amend", wave, "--rule", "25 april at 21:00 everywhere for 15m", "--key", "anna", code=2,
           err=r"^  moves: 2027 2027-04-25T20:00:00 to 2027-04-25T21:00:00$")
    places = tocsin.declare("--title", "Places", "--rule", "21 june at sunset at Rome, Tokyo for 10m")
    tocsin("amend", places, "--rule", "21 june at sunset at Rome for 10m", "--key", "anna", code=2,
           err=r"^  no longer: 2027 2027-06-21T(09:59|10:00):\d\dZ  Tokyo$")
    weekly = tocsin.declare("--title", "Weekly", "--rule", "every friday at 18:00 in Rome for 5m")
    for more, last in (((), r"^  \.\.\. and 9\d more; --full shows them$"), (("--full",), r"^  moves: 2028-11-17 ")):
        tocsin("amend", weekly, "--rule", "every friday at 19:00 in Rome for 5m", "--key", "anna", *more, code=2, env={"TZ": "Europe/Rome"},
               err=r"^  moves: 2026-11-27 2026-11-27T17:00:00Z to 2026-11-27T18:00:00Z  here Fri 2026-11-27 18:00:00 to Fri 2026-11-27 19:00:00$[^\0]*" + last)
    for one in (uid, wave, places, weekly):
        tocsin("forget", one, "--yes")


@test
def a_wave_goes_on_until_the_last_zone():
    """While it goes round the world it can be declared, and an amendment keeps it."""
    tocsin = valley()
    for rule, at, key in (("25 april at 20:00 everywhere for 10m", "2027-04-26T07:00:00Z", "2027"), ("25 april", "2027-04-26T03:00:00Z", "2027")):
        uid = tocsin.declare("--title", "Wave", "--rule", rule, "--horizon", "2y", at="2027-02-01T00:00:00Z")
        tocsin("amend", uid, "--horizon", "4y", "--key", "anna", "--yes", at=at, err=rf"\| on: {key} 2027-04-25", no_err="no longer")
    once = "2027-04-25 at 20:30 everywhere for 10m"
    tocsin.declare("--title", "Wave", "--rule", once, at="2027-04-26T08:29:00Z")
    tocsin("declare", "--title", "Wave", "--rule", once, "--key", "anna", "--yes", at="2027-04-26T08:31:00Z", code=1,
           err="is past: its last date was|no occurrence from now on")


@test
def an_amendment_of_nothing_settles_a_contest():
    tocsin = valley()
    uid = tocsin.declare("--title", "Contested", "--rule", "4 may at 20:00 UTC for 2m")
    tocsin("cosign", uid, "--key", "bela", "--yes")
    two = [tocsin("amend", uid, "--title", title, "--key", "anna", "--yes").strip() for title in ("One", "Two")]
    for amendment in two:
        tocsin("cosign", amendment, "--key", "bela", "--yes")
    tocsin("list", "--format", "tsv", out=f"^{uid}\tcontested.*\tContested$")
    settled = tocsin("amend", uid, "--key", "anna", "--yes", err="2 versions contest").strip()
    tocsin("cosign", settled, "--key", "bela", "--yes")
    tocsin("list", "--format", "tsv", out=f"^{uid}\tconfirmed.*\tContested$")


@test
def the_preview_tells_each_field_as_it_was_and_is():
    tocsin, uid = bologna()
    for words, said in ((["--rule", "2 august at 10:30 in Europe/Rome for 2m"], r"rule +was .*10:25.*\n +is +.*10:30.*\n +for +was 1m\n +is +2m"),
                        (["--title", "Two"], r"title +was A minute for Bologna\n +is +Two"), (["--rest", "2h"], r"rest +was 24h\n +is +2h"),
                        (["--tone", "vigil"], r"tone +was mourning\n +is +vigil"), (["--url", "https://example.org/x"], r"url +was .*\n +is +https://example.org/x")):
        tocsin("amend", uid, *words, "--key", "anna", code=2, err="^Against what is in force:\n  " + said)


run()
