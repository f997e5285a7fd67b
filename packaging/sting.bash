# Completion for bash: asks sting itself, so that it knows what this one can.
_sting() {
    local word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]} list
    if [ "$COMP_CWORD" -eq 1 ]; then
        list=$(sting --help | awk '/^  [a-z]/ {print $1}' | sort -u)
    elif [ "$COMP_CWORD" -eq 2 ] && [[ $command == bait || $command == alert ]]
    then
        list=$(sting --help | awk -v c="$command" '$1 == c {print $2}')
    else
        case $command in bait | alert) command="$command ${COMP_WORDS[2]}" ;; esac
        # shellcheck disable=SC2086
        [[ $word == -* ]] &&
            list=$(sting $command --help 2>/dev/null |
                grep -oE -- '--[a-z][a-z-]*' | sort -u)
    fi
    # shellcheck disable=SC2207
    COMPREPLY=($(compgen -W "$list" -- "$word"))
}
complete -o default -F _sting sting
