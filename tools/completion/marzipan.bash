# SPDX-License-Identifier: BSD-2-Clause
# Completion of marzipan's commands, options and files, for bash.

_marzipan() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
    local command=${COMP_WORDS[1]}
    local commands="check graph build run iso ps top start stop pause resume reset kill destroy log services
                    console quota trace schema help version"
    local common="--libdir --memory"
    local options=

    COMPREPLY=()
    if [ "$COMP_CWORD" = 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$current")
        return
    fi

    case $previous in
    --machine | -M)
        mapfile -t COMPREPLY < <(compgen -W "q35 pc" -- "$current")
        return
        ;;
    --libdir)
        mapfile -t COMPREPLY < <(compgen -d -- "$current")
        return
        ;;
    --output | -o)
        if [[ " graph iso trace " == *" $command "* ]]; then
            mapfile -t COMPREPLY < <(compgen -f -- "$current")
        else
            mapfile -t COMPREPLY < <(compgen -d -- "$current")
        fi
        return
        ;;
    --trace | --control)
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
        return
        ;;
    --args)
        mapfile -t COMPREPLY < <(compgen -S = -W "almond sigma0 monitor vmm shell" -- "$current")
        return
        ;;
    --memory | -m | --cpu | --timeout | --qemu-arg | --isa-debug-exit)
        return
        ;;
    esac

    case $command in
    check) options="$common --no-files --flows --json" ;;
    graph) options="--output" ;;
    build) options="$common --output --args --isa-debug-exit" ;;
    iso) options="$common --output --args --isa-debug-exit" ;;
    run)
        options="$common --output --args --machine --cpu --icount --iso --efi --timeout --trace
                 --dry-run --qemu-arg --control"
        ;;
    trace) options="--output --control" ;;
    top) options="--control --once" ;;
    ps | start | stop | pause | resume | reset | kill | destroy | services | console | quota)
        options="--control"
        ;;
    log)
        options="--control"
        if [[ $current != -* ]]; then
            mapfile -t COMPREPLY < <(compgen -W "error warn info debug" -- "$current")
            return
        fi
        ;;
    schema) options="--markdown" ;;
    help)
        mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$current")
        return
        ;;
    esac

    if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
    elif [[ " check graph build run iso " == *" $command "* ]]; then
        mapfile -t COMPREPLY < <(compgen -f -X '!*.@(yaml|yml)' -- "$current"; compgen -d -- "$current")
    elif [ "$command" = trace ]; then
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
    fi
}

shopt -s extglob
complete -o filenames -F _marzipan marzipan
