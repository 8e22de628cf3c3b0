# bash completion for actas; made by: actas completion bash
_actas()
{
    local cur=${COMP_WORDS[COMP_CWORD]}
    local prev=${COMP_WORDS[COMP_CWORD-1]}
    local command=${COMP_WORDS[1]} words
    COMPREPLY=()
    if [ "$COMP_CWORD" -le 1 ]; then
        COMPREPLY=($(compgen -W 'check can who what acts explain diff page map init serve exec env audit verify help --help --version' -- "$cur"))
        return
    fi
    case $command,$prev in
    check,--format|check,-f) COMPREPLY=($(compgen -W 'text json sarif junit' -- "$cur")); return;;
    check,--fail-on) COMPREPLY=($(compgen -W 'error warning note' -- "$cur")); return;;
    check,--today) return;;
    check,--expires-within) return;;
    check,--max-age) return;;
    check,--rule) return;;
    check,--source|check,-s) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return;;
    check,--color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return;;
    can,--at) return;;
    can,--source|can,-s) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return;;
    can,--color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return;;
    who,--at) return;;
    who,--source|who,-s) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return;;
    who,--color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return;;
    what,--at) return;;
    what,--source|what,-s) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return;;
    what,--color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return;;
    acts,--trigger|acts,-t) return;;
    acts,--source|acts,-s) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return;;
    acts,--color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return;;
    explain,--expect|explain,-e) return;;
    explain,--today) return;;
    explain,--source|explain,-s) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return;;
    explain,--color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return;;
    diff,--at) return;;
    diff,--to) return;;
    diff,--color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return;;
    page,--output|page,-o) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return;;
    page,--source|page,-s) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return;;
    page,--color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return;;
    map,--format|map,-f) COMPREPLY=($(compgen -W 'mermaid dot svg' -- "$cur")); return;;
    map,--focus) return;;
    map,--source|map,-s) compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return;;
    map,--color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return;;
    init,--from) return;;
    init,--name) return;;
    init,--passphrase-file) return;;
    init,--color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return;;
    serve,--listen) return;;
    serve,--proxy) return;;
    serve,--passphrase-file) return;;
    serve,--color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return;;
    exec,--as) return;;
    exec,--dir|exec,-d) return;;
    exec,--color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return;;
    env,--as) return;;
    env,--dir|env,-d) return;;
    audit,--principal|audit,-p) return;;
    audit,--secret) return;;
    audit,--request|audit,-r) return;;
    audit,--since) return;;
    audit,--until) return;;
    audit,--dir|audit,-d) return;;
    audit,--color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return;;
    verify,--audit-after) return;;
    verify,--dir|verify,-d) return;;
    verify,--color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return;;
    esac
    case $command in
    check) words='--format --fail-on --today --expires-within --max-age --rules --rule --source --color --help';;
    can) words='--json --batch --data --control --at --source --color --help';;
    who) words='--json --through --data --control --at --source --color --help';;
    what) words='--json --through --at --source --color --help';;
    acts) words='--trigger --json --source --color --help';;
    explain) words='--expect --today --json --source --color --help';;
    diff) words='--json --at --to --color --help';;
    page) words='--output --source --color --help';;
    map) words='--format --focus --source --color --help';;
    init) words='--from --name --passphrase --passphrase-file --json --color --help';;
    serve) words='--listen --proxy --passphrase --passphrase-file --color --help';;
    exec) words='--as --dir --color --help';;
    env) words='--as --dir --help';;
    audit) words='--principal --secret --request --since --until --json --dir --color --help';;
    verify) words='--audit-after --json --dir --color --help';;
    esac
    if [[ $cur == -* ]]; then
        COMPREPLY=($(compgen -W "$words" -- "$cur"))
    elif [[ $command == diff || $command == explain ]]; then
        compopt -o filenames
        COMPREPLY=($(compgen -f -- "$cur"))
    fi
}
complete -F _actas actas
