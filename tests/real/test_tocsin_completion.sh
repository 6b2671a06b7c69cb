# The bash completion of tocsin offers commands, second words, options and values.
set -euo pipefail
source "$(dirname "$TOCSIN_BIN")/clients/tocsin/tocsin.bash"
export TOCSIN_HOME=$PWD/store TOCSIN_CONFIG=$PWD/config
tocsin key new anna --unsealed >/dev/null 2>&1

expect() { # WANTED WORD...: the words typed so far, the last one incomplete
    local wanted=$1
    shift
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
    _tocsin || true # its status says nothing
    printf '%s\n' "${COMPREPLY[@]}" | grep -qx -- "$wanted" ||
        { echo "\"$*\" offers: ${COMPREPLY[*]}; expected $wanted"; exit 1; }
}
expect declare tocsin decl
expect new tocsin key n
expect trust tocsin root t
expect --rule tocsin declare --ru
expect --unsealed tocsin key new --un
expect tsv tocsin list --format t
expect tsv tocsin list --format = t
expect table tocsin list --format =
expect anna tocsin cosign --key a
expect mourning tocsin declare --tone m
expect bologna tocsin declare --date bolo
expect bologna tocsin dates bolo
expect Europe/Rome tocsin best --place Europe/R
expect Europe/Rome tocsin best Europe/R
expect anna tocsin root new Here --organizer a
expect anna tocsin revoke a
expect festival tocsin amend 0123abcd --gesture f
tocsin root new Here --organizer anna --threshold 1 --yes >/dev/null 2>&1
uid=$(tocsin declare --title T --rule "25 april at 20:00 UTC for 15m" --yes 2>/dev/null)
for command in show amend cancel explain cosign; do
    expect "$uid" tocsin $command "${uid:0:8}"
done
expect "$(basename config/roots/*.rec .rec)" tocsin list --root ""
expect config tocsin export con
expect config tocsin show --bundle --store con

# every command, every second word, and every option that its --help tells
commands=$(tocsin --help | sed -n 's/^  \([a-z]*\) .*/\1/p')
[ "$(wc -w <<<"$commands")" -ge 20 ] || { echo "too few commands: $commands"; exit 1; }
for command in $commands; do
    expect "$command" tocsin "$command"
    seconds=$(tocsin "$command" --help | sed -n "s/^  tocsin $command \([a-z]*\) .*/\1/p")
    for second in ${seconds:-""}; do
        [ -z "$second" ] || expect "$second" tocsin "$command" "$second"
        COMP_WORDS=(tocsin "$command" $second --) COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMPREPLY=()
        _tocsin || true
        for option in $(tocsin $command $second --help | grep -oE -- '--[a-z][a-z-]*' | sort -u); do
            [[ " ${COMPREPLY[*]} " == *" $option "* ]] ||
                { echo "tocsin $command $second offers: ${COMPREPLY[*]}; expected $option"; exit 1; }
        done
    done
done
# and nothing else: each completed command is one
for command in $(_tocsin_names_of); do
    grep -qx "$command" <<<"$commands" || { echo "$command is offered, but is no command"; exit 1; }
    seconds=$(_tocsin_names_of "$command")
    for second in $(_tocsin_find "$command" || echo "$seconds"); do
        tocsin "$command" "$second" --usage >/dev/null || { echo "tocsin $command $second is offered, but is none"; exit 1; }
    done
    _tocsin_find "$command" || continue
    tocsin "$command" --usage >/dev/null || { echo "tocsin $command is offered, but does not run"; exit 1; }
done
for program in tocsin-beacon tocsin-listen; do
    COMP_WORDS=("$program" --) COMP_CWORD=1 COMPREPLY=()
    _tocsin_daemon || true
    for option in $($program --help | grep -oE -- '--[a-z][a-z-]*' | sort -u); do
        [[ " ${COMPREPLY[*]} " == *" $option "* ]] ||
            { echo "$program $option is not offered"; exit 1; }
    done
done
complete -p tocsin tocsin-beacon tocsin-listen >/dev/null
