# bash completion for tocsin, tocsin-beacon and tocsin-listen

_tocsin_options() { # PROGRAM [COMMAND...]: the long options that --help tells; their values follow as a word
    "$@" --help 2>/dev/null | grep -oE -- '--[a-z][a-z-]*' | sort -u
}

# Sets cur and before.  Readline takes "--format=t" for three words, as "=" is in COMP_WORDBREAKS.
_tocsin_words() {
    cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    if [ "$cur" = = ]; then
        cur=
    elif [ "$before" = = ]; then
        before=${COMP_WORDS[COMP_CWORD - 2]}
    fi
}

_tocsin_names() { # FOLDER SUFFIX
    local file
    for file in "$1"/*"$2"; do
        [ -e "$file" ] && basename "$file" "$2"
    done
}

_tocsin_value() { # completes the value of option $1; false when it takes none that we know
    local config=${TOCSIN_CONFIG:-${XDG_CONFIG_HOME:-$HOME/.config}/tocsin}
    case $1 in
    --format) COMPREPLY=($(compgen -W 'table tsv json' -- "$cur")) ;;
    --tone) COMPREPLY=($(compgen -W 'mourning vigil celebration reflection' -- "$cur")) ;;
    --gesture) COMPREPLY=($(compgen -W 'silence candles noise mural march broadcast festival' -- "$cur")) ;;
    --key) COMPREPLY=($(compgen -W "$(_tocsin_names "$config/keys" .key)" -- "$cur") $(compgen -f -- "$cur")) ;;
    --organizer | --feed | --beacon)
        COMPREPLY=($(compgen -W "$(_tocsin_names "$config/keys" .pub)" -- "$cur") $(compgen -f -- "$cur")) ;;
    --root) COMPREPLY=($(compgen -W "$(_tocsin_names "$config/roots" .rec)" -- "$cur") $(compgen -f -- "$cur")) ;;
    --store | --config | --dir | --state) COMPREPLY=($(compgen -d -- "$cur")) ;;
    --bundle | --log | --replay | --ca | --cert) COMPREPLY=($(compgen -f -- "$cur")) ;;
    --zone | --place) COMPREPLY=($(compgen -W "$(cut -f 3 /usr/share/zoneinfo/zone1970.tab 2>/dev/null | grep -v '^#')" -- "$cur")) ;;
    *) return 1 ;;
    esac
    return 0 # whatever compgen found
}

_tocsin() {
    local cur before program=${COMP_WORDS[0]} command=${COMP_WORDS[1]:-} path
    _tocsin_words
    COMPREPLY=()
    # "--bundle" of show and root show takes no value
    if [ "$before" != --bundle ] && _tocsin_value "$before"; then
        return
    fi
    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W "$("$program" --help 2>/dev/null | sed -n 's/^  \([a-z]*\) .*/\1/p') --help --version" -- "$cur"))
        return
    fi
    path=("$program" "$command")
    case $command in
    key | root)
        if [ "$COMP_CWORD" -eq 2 ]; then
            COMPREPLY=($(compgen -W "$("$program" "$command" --help 2>/dev/null | sed -n "s/^  tocsin $command \([a-z]*\) .*/\1/p")" -- "$cur"))
            return
        fi
        path+=("${COMP_WORDS[2]}")
        ;;
    esac
    case $cur in
    -*) COMPREPLY=($(compgen -W "$(_tocsin_options "${path[@]}")" -- "$cur")) ;;
    *)
        case $command in
        show | amend | cancel | explain | map)
            COMPREPLY=($(compgen -W "$("$program" list --format tsv 2>/dev/null | sed 1d | cut -f 1)" -- "$cur")) ;;
        cosign)
            COMPREPLY=($(compgen -W "$("$program" list --format tsv 2>/dev/null | sed 1d | cut -f 1)" -- "$cur") $(compgen -f -- "$cur")) ;;
        *) COMPREPLY=($(compgen -f -- "$cur")) ;;
        esac
        ;;
    esac
}

_tocsin_daemon() {
    local cur before
    _tocsin_words
    COMPREPLY=()
    if _tocsin_value "$before"; then
        return
    fi
    case $cur in
    -*) COMPREPLY=($(compgen -W "$(_tocsin_options "${COMP_WORDS[0]}")" -- "$cur")) ;;
    *) COMPREPLY=($(compgen -f -- "$cur")) ;;
    esac
}

complete -o filenames -F _tocsin tocsin
complete -o filenames -F _tocsin_daemon tocsin-beacon tocsin-listen
