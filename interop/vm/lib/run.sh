# One guest from its start to its end, and the processes beside it. Read by vsock-vm.
# shellcheck shell=bash disable=SC2154 # the variables are set by vsock-vm's lane

# Started with "spawn COMMAND...": ends when this script dies, even by SIGKILL. Sets $! for the caller.
spawn() {
    setpriv --pdeathsig TERM -- "$@" &
}

# end_process PID KILL_TARGET: asks it to end, and after two seconds does not ask.
end_process() {
    kill -TERM "$1" 2>/dev/null || return 0
    for _ in {1..20}; do
        kill -0 "$1" 2>/dev/null || break
        sleep 0.1
    done
    kill -KILL -- "$2" 2>/dev/null || true
}

clean_up() {
    local status=$? group
    trap - EXIT INT TERM HUP
    # UML lives in a process group of its own, with one host process for each of the guest's, and some outlive a hard end.
    group=$vm
    [[ $vmm != uml ]] || group=-$vm
    [[ -z ${vm:-} ]] || end_process "$vm" "$group"
    [[ -z ${backend_pid:-} ]] || end_process "$backend_pid" "$backend_pid"
    [[ -z ${timer:-} ]] || kill -TERM "$timer" 2>/dev/null || true
    # What the guest has said is passed on to its end; the pipes end with the guest.
    wait 2>/dev/null || true
    [[ -z ${run:-} ]] || rm -rf "$run"
    [[ -z ${uds:-} ]] || rm -f "$uds"
    exit "$status"
}

show_log() {
    [[ -s $1 ]] || return 0
    tail -n 40 "$1" | tr -d '\r' | sed 's/^/  | /' >&2
}

# write_guest_files COMMAND...: everything that guest-init reads, in the run directory, and the pipes for the output.
write_guest_files() {
    local variable
    mkdir "$run/shares"
    ln -s "$here/guest-init" "$run/init"
    ln -s "$out" "$run/shares/out"
    ln -s "$run" "$run/shares/run"
    mkfifo "$run/stdout" "$run/stderr"
    {
        printf 'BUSYBOX=%s\n' "$(quote_for_sh "$cache/busybox")"
        printf 'OUT=%s\n' "$(quote_for_sh "$out")"
        "${vmm}_settings"
    } >"$run/settings"
    {
        echo "export IN_GUEST=1"
        for variable in "${environment[@]}"; do
            printf 'export %q\n' "$variable"
        done
        printf 'cd %q || exit 125\n' "$PWD"
        printf 'exec'
        printf ' %q' "$@"
        echo
    } >"$run/command"
}

# What the guest says, until the last holder of the pipes has ended. Only once a VMM is about to open them.
pass_output_on() {
    cat "$run/stdout" &
    cat "$run/stderr" >&2 &
}

# guest-init is read by a POSIX shell, which does not know what bash's %q makes of control characters.
quote_for_sh() {
    local quote="'" escaped="'\\''"
    printf "'%s'" "${1//$quote/$escaped}"
}

# start_backend PROGRAM
start_backend() {
    local backend=$1
    uds=${uds:-$out/v.sock}
    # The backend works beside its socket and names it relatively: a socket's path may not exceed 107 bytes, OUT's may.
    cd "${uds%/*}"
    rm -f "$uds"
    spawn "$backend" --socket "$run/vhost-user.sock" --guest-cid "$cid" --uds-path "${uds##*/}" "${backend_options[@]}" \
        >"$out/vm-backend.log" 2>&1
    backend_pid=$!
    cd "$OLDPWD"
    for _ in {1..250}; do
        [[ ! -S $run/vhost-user.sock ]] || return 0
        kill -0 "$backend_pid" 2>/dev/null || break
        sleep 0.02
    done
    say "the vhost-user backend did not start: $backend"
    show_log "$out/vm-backend.log"
    exit 123
}

# Waits for the end of the guest, and exits as usage() says.
finish() {
    local ended backend_status=0
    spawn sleep "$limit"
    timer=$!
    while :; do
        ended=
        wait -n -p ended "$vm" "$timer" ${backend_pid:+"$backend_pid"} 2>/dev/null || backend_status=$?
        case $ended in
        "$timer")
            timer=
            say "the time limit of $limit s passed; the guest's console:"
            show_log "$console"
            exit 124
            ;;
        "$backend_pid")
            backend_pid=
            # The backend leaves on its own when the guest lets go of the device; that is how a shutdown begins.
            ((backend_status == 0)) && continue
            say "the vhost-user backend died with $backend_status"
            show_log "$out/vm-backend.log"
            exit 123
            ;;
        *)
            vm=
            break
            ;;
        esac
    done
    if [[ ! -e $run/booted ]]; then
        say "the guest did not boot:"
    elif [[ ! -s $run/status ]]; then
        say "the guest ended without a result:"
    else
        exit "$(<"$run/status")"
    fi
    show_log "$console"
    exit 125
}
