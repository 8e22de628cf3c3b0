#compdef actas
# zsh completion for actas; made by: actas completion zsh
_actas()
{
    local -a commands
    commands=(
        'check:check the source against itself and the platform'
        'can:may this principal do this, there? With the reason'
        'who:everyone who may do this there, each with the path'
        'what:everything that this principal may touch, each with the path'
        'acts:who acts when this item runs, and what it will lack'
        'explain:what does this error or token say, and what to do'
        'diff:what access changed between two sources'
        'page:write the access page of a source'
        'map:draw the access graph as Mermaid, DOT or SVG'
        'init:make a platform: tokens, roles and vaults of one’s own'
        'serve:run a platform that Azure clients reach unmodified'
        'exec:run a command whose Azure clients reach the local platform'
        'env:the environment of exec, as exports for a shell'
        'audit:who was given a token, read a secret or was denied, and when'
        'verify:do the journal and the audit log still hold?'
        'help:tell about a command'
    )
    if (( CURRENT == 2 )); then
        _describe command commands
        return
    fi
    local command=$words[2]
    shift words
    (( CURRENT-- ))
    case $command in
        check)
            _arguments \
                {-f+,--format=}'[text (the default), json, sarif (2.1.0) or junit]:FORMAT:(text json sarif junit)' \
                --fail-on='[exit with 1 when there is a finding of this severity or above\: error, warning (the default) or note]:SEVERITY:(error warning note)' \
                --today='[judge expiry as of this date, such as 2026-11-21]:DATE:' \
                --expires-within='[how long before its end a credential is expiring (30)]:DAYS:' \
                --max-age='[the longest life of a credential (365)]:DAYS:' \
                --rules'[list the rules, and check nothing]' \
                --rule='[only the findings of this rule; may be given several times]:ID:' \
                {-s+,--source=}'[access page (.md), Azure JSON file or folder, data folder or https\://… of a platform, or - for standard input; by default what ACTAS_SOURCE names]:SOURCE:_files' \
                --color='[colour\: auto (on a terminal, unless NO_COLOR is set), always or never]:WHEN:(auto always never)' \
                {-h,--help}'[show this help and exit]' \
                '*:argument:_files'
            ;;
        can)
            _arguments \
                {-j,--json}'[write JSON (docs/json.md)]' \
                --batch'[read one question a line from standard input, as JSON, and answer each on a line, in order (docs/json.md)]' \
                --data'[take an action that is not known for a data action]' \
                --control'[take an action that is not known for a control action]' \
                --at='[as of a past revision (12), date (its start, UTC) or time; the source is a platform then]:WHEN:' \
                {-s+,--source=}'[access page (.md), Azure JSON file or folder, data folder or https\://… of a platform, or - for standard input; by default what ACTAS_SOURCE names]:SOURCE:_files' \
                --color='[colour\: auto (on a terminal, unless NO_COLOR is set), always or never]:WHEN:(auto always never)' \
                {-h,--help}'[show this help and exit]' \
                '*:argument:_files'
            ;;
        who)
            _arguments \
                {-j,--json}'[write JSON (docs/json.md)]' \
                --through'[also everybody who can come to act as one of them\: by reading a credential, editing what runs as them, using a connection …]' \
                --data'[take an action that is not known for a data action]' \
                --control'[take an action that is not known for a control action]' \
                --at='[as of a past revision (12), date (its start, UTC) or time; the source is a platform then]:WHEN:' \
                {-s+,--source=}'[access page (.md), Azure JSON file or folder, data folder or https\://… of a platform, or - for standard input; by default what ACTAS_SOURCE names]:SOURCE:_files' \
                --color='[colour\: auto (on a terminal, unless NO_COLOR is set), always or never]:WHEN:(auto always never)' \
                {-h,--help}'[show this help and exit]' \
                '*:argument:_files'
            ;;
        what)
            _arguments \
                {-j,--json}'[write JSON (docs/json.md)]' \
                --through'[also everybody that it can come to act as, and by which steps]' \
                --at='[as of a past revision (12), date (its start, UTC) or time; the source is a platform then]:WHEN:' \
                {-s+,--source=}'[access page (.md), Azure JSON file or folder, data folder or https\://… of a platform, or - for standard input; by default what ACTAS_SOURCE names]:SOURCE:_files' \
                --color='[colour\: auto (on a terminal, unless NO_COLOR is set), always or never]:WHEN:(auto always never)' \
                {-h,--help}'[show this help and exit]' \
                '*:argument:_files'
            ;;
        acts)
            _arguments \
                {-t+,--trigger=}'[what starts the run\: ui\:WHO, api\:CALLER, schedule\[\:NAME\], pipeline\:NAME, reference\:ROOT, airflow\:IDENTITY or devops\:CONNECTION]:KIND\[\:NAME\]:' \
                {-j,--json}'[write JSON (docs/json.md)]' \
                {-s+,--source=}'[access page (.md), Azure JSON file or folder, data folder or https\://… of a platform, or - for standard input; by default what ACTAS_SOURCE names]:SOURCE:_files' \
                --color='[colour\: auto (on a terminal, unless NO_COLOR is set), always or never]:WHEN:(auto always never)' \
                {-h,--help}'[show this help and exit]' \
                '*:argument:_files'
            ;;
        explain)
            _arguments \
                {-e+,--expect=}'[who you thought was acting]:PRINCIPAL:' \
                --today='[judge a token’s dates as of this date]:DATE:' \
                {-j,--json}'[write JSON (docs/json.md)]' \
                {-s+,--source=}'[access page (.md), Azure JSON file or folder, data folder or https\://… of a platform, or - for standard input; by default what ACTAS_SOURCE names]:SOURCE:_files' \
                --color='[colour\: auto (on a terminal, unless NO_COLOR is set), always or never]:WHEN:(auto always never)' \
                {-h,--help}'[show this help and exit]' \
                '*:argument:_files'
            ;;
        diff)
            _arguments \
                {-j,--json}'[write JSON (docs/json.md)]' \
                --at='[take A as of a past revision (12), date (its start, UTC) or time]:WHEN:' \
                --to='[the same for B]:WHEN:' \
                --color='[colour\: auto (on a terminal, unless NO_COLOR is set), always or never]:WHEN:(auto always never)' \
                {-h,--help}'[show this help and exit]' \
                '*:argument:_files'
            ;;
        page)
            _arguments \
                {-o+,--output=}'[write to FILE, at once or not at all; by default, and where FILE is -, to standard output]:FILE:_files' \
                {-s+,--source=}'[access page (.md), Azure JSON file or folder, data folder or https\://… of a platform, or - for standard input; by default what ACTAS_SOURCE names]:SOURCE:_files' \
                --color='[colour\: auto (on a terminal, unless NO_COLOR is set), always or never]:WHEN:(auto always never)' \
                {-h,--help}'[show this help and exit]' \
                '*:argument:_files'
            ;;
        map)
            _arguments \
                {-f+,--format=}'[mermaid (the default), dot, or svg, which Graphviz draws]:FORMAT:(mermaid dot svg)' \
                --focus='[only what touches this principal or scope]:NAME:' \
                {-s+,--source=}'[access page (.md), Azure JSON file or folder, data folder or https\://… of a platform, or - for standard input; by default what ACTAS_SOURCE names]:SOURCE:_files' \
                --color='[colour\: auto (on a terminal, unless NO_COLOR is set), always or never]:WHEN:(auto always never)' \
                {-h,--help}'[show this help and exit]' \
                '*:argument:_files'
            ;;
        init)
            _arguments \
                --from='[start with the principals, roles, assignments, vaults and secret names of an access page or of Azure’s JSON, with new secrets]:SOURCE:' \
                --name='[another name or address by which clients reach the server; may be given several times]:HOST:' \
                --passphrase'[lock the master key with a passphrase, asked on the terminal]' \
                --passphrase-file='[the same, read from a file (- is standard input, /dev/fd/N a descriptor); one line break at its end does not count]:FILE:' \
                {-j,--json}'[write JSON (docs/json.md)]' \
                --color='[colour\: auto (on a terminal, unless NO_COLOR is set), always or never]:WHEN:(auto always never)' \
                {-h,--help}'[show this help and exit]' \
                '*:argument:_files'
            ;;
        serve)
            _arguments \
                --listen='[where to listen (127.0.0.1\:8443); port 0 takes any free one]:ADDRESS\:PORT:' \
                --proxy='[where clients’ CONNECT proxy listens (127.0.0.1\:8080), by which unmodified Azure clients come; none\: nowhere]:ADDRESS\:PORT:' \
                --passphrase'[lock the master key with a passphrase, asked on the terminal]' \
                --passphrase-file='[the same, read from a file (- is standard input, /dev/fd/N a descriptor); one line break at its end does not count]:FILE:' \
                --color='[colour\: auto (on a terminal, unless NO_COLOR is set), always or never]:WHEN:(auto always never)' \
                {-h,--help}'[show this help and exit]' \
                '*:argument:_files'
            ;;
        exec)
            _arguments \
                --as='[give the command this identity, by name, object id or app id\: DefaultAzureCredential then acts as it]:PRINCIPAL:' \
                {-d+,--dir=}'[data folder; by default the user’s own, ~/.local/share/actas]:DIR:' \
                --color='[colour\: auto (on a terminal, unless NO_COLOR is set), always or never]:WHEN:(auto always never)' \
                {-h,--help}'[show this help and exit]' \
                '*:argument:_files'
            ;;
        env)
            _arguments \
                --as='[give the shell this identity, until the session ends by itself, after a week]:PRINCIPAL:' \
                {-d+,--dir=}'[data folder; by default the user’s own, ~/.local/share/actas]:DIR:' \
                {-h,--help}'[show this help and exit]' \
                '*:argument:_files'
            ;;
        audit)
            _arguments \
                {-p+,--principal=}'[only what this one did, by name, object id or app id]:PRINCIPAL:' \
                --secret='[only what was done to things with this in their path or id]:TEXT:' \
                {-r+,--request=}'[only this request]:ID:' \
                --since='[from this date or time on]:WHEN:' \
                --until='[up to this time, or the start of this date (UTC)]:WHEN:' \
                {-j,--json}'[write JSON (docs/json.md)]' \
                {-d+,--dir=}'[data folder; by default the user’s own, ~/.local/share/actas]:DIR:' \
                --color='[colour\: auto (on a terminal, unless NO_COLOR is set), always or never]:WHEN:(auto always never)' \
                {-h,--help}'[show this help and exit]' \
                '*:argument:_files'
            ;;
        verify)
            _arguments \
                --audit-after='[older days of the audit log were taken away\: the hash of their last line]:HASH:' \
                {-j,--json}'[write JSON (docs/json.md)]' \
                {-d+,--dir=}'[data folder; by default the user’s own, ~/.local/share/actas]:DIR:' \
                --color='[colour\: auto (on a terminal, unless NO_COLOR is set), always or never]:WHEN:(auto always never)' \
                {-h,--help}'[show this help and exit]' \
                '*:argument:_files'
            ;;
    esac
}
if [ "$funcstack[1]" = _actas ]; then
    _actas "$@"
else
    compdef _actas actas
fi
