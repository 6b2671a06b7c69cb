# The bash completion of tocsin offers commands, second words, options and values.
set -euo pipefail
source "$TOCSIN_SOURCE/scheduler/cli/tocsin.bash"
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
expect --rule= tocsin declare --ru
expect --unsealed tocsin key new --un
expect tsv tocsin list --format t
expect anna tocsin cosign --key a
expect mourning tocsin declare --tone m
expect Europe/Rome tocsin best --place Europe/R
complete -p tocsin tocsin-beacon tocsin-listen >/dev/null
