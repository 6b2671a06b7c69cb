# The bash completion of tocsin offers commands, second words, options and values.
set -euo pipefail
source "$TOCSIN_SOURCE/clients/tocsin/tocsin.bash"
export TOCSIN_HOME=$PWD/store TOCSIN_CONFIG=$PWD/config
tocsin key new anna --unsealed >/dev/null 2>&1

expect() { # WANTED WORD...: the words typed so far, the last one incomplete
    local wanted=$1
    shift
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
    _tocsin
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
expect Europe/Rome tocsin best --place Europe/R

# every command, every second word, and every option that its --help tells
commands=$(tocsin --help | sed -n 's/^  \([a-z]*\) .*/\1/p')
[ "$(wc -w <<<"$commands")" -ge 20 ] || { echo "too few commands: $commands"; exit 1; }
for command in $commands; do
    expect "$command" tocsin "$command"
    seconds=$(tocsin "$command" --help | sed -n "s/^  tocsin $command \([a-z]*\) .*/\1/p")
    for second in ${seconds:-""}; do
        [ -z "$second" ] || expect "$second" tocsin "$command" "$second"
        for option in $(tocsin $command $second --help | grep -oE -- '--[a-z][a-z-]*' | sort -u); do
            expect "$option" tocsin "$command" $second "$option"
        done
    done
done
for program in tocsin-beacon tocsin-listen; do
    for option in $($program --help | grep -oE -- '--[a-z][a-z-]*' | sort -u); do
        COMP_WORDS=("$program" "$option") COMP_CWORD=1 COMPREPLY=()
        _tocsin_daemon
        [ "${COMPREPLY[0]:-}" = "$option" ] || [[ " ${COMPREPLY[*]} " == *" $option "* ]] ||
            { echo "$program $option is not offered"; exit 1; }
    done
done
complete -p tocsin tocsin-beacon tocsin-listen >/dev/null
