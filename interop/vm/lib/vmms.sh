# The VMMs: each gives a guest the same things - this machine's files, two lines for output, a vsock device. Read by vsock-vm.
# shellcheck shell=bash disable=SC2154 # the variables are those of the lane in run.sh

# ---- User-Mode Linux -----------------------------------------------------------------------------------------------------------

# What guest-init must know of its VMM.
uml_settings() {
    printf 'MODULES_DIR=%s\n' "$(quote_for_sh "$cache/uml/modules")"
    printf 'MODULES="%s"\n' "$uml_modules"
    printf 'STDOUT=ttyS0\nSTDERR=ttyS1\n'
    # The links resolve on the host: mount options cannot hold a blank or a comma, OUT can.
    # shellcheck disable=SC2016 # the guest's shell expands it
    echo 'mount_share() { busybox mount -t hostfs -o "$VM_RUN/shares/$1" none "$2"; }'
}

# UML keeps the guest's memory in an unlinked file. It is fastest in memory itself, but containers often have a tiny /dev/shm.
memory_directory() {
    local needed_kib available_kib
    needed_kib=$(numfmt --from=iec --to-unit=1024 "$1")
    available_kib=$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1) || available_kib=0
    if [[ $(stat -f -c %T /dev/shm 2>/dev/null) == tmpfs ]] && ((available_kib >= needed_kib)) &&
        ! grep -q '^[^ ]* /dev/shm [^ ]* [^ ]*noexec' /proc/mounts; then
        echo /dev/shm
    else
        echo "$run"
    fi
}

# One of the processors that this process may use, another one each time. UML stops and wakes a process of this machine for each
# system call and page fault of the guest; a wake-up on the same processor costs a fraction of one across processors.
one_processor() {
    local range processors=()
    for range in $(sed -n 's/^Cpus_allowed_list:\s*//p' /proc/self/status | tr , ' '); do
        mapfile -t -O "${#processors[@]}" processors < <(seq "${range%-*}" "${range#*-}")
    done
    echo "${processors[RANDOM % ${#processors[@]}]}"
}

# start_uml KERNEL: with the vhost-user backend as its vsock device if there is one.
start_uml() {
    local kernel=$1 memory_dir device=()
    memory_dir=$(memory_directory "$memory")
    [[ -z ${backend_pid:-} ]] || device=("virtio_uml.device=$run/vhost-user.sock:19")
    pass_output_on
    # con0 is the kernel's console, ssl0 and ssl1 are the serial lines that guest-init gives to the command. UML makes these
    # descriptors non-blocking, so they are our own pipes and never the caller's.
    TMPDIR=$memory_dir VM_RUN=$run spawn taskset -c "$(one_processor)" "$kernel" mem="$memory" uml_dir="$run/" umid=vm \
        root=/dev/root rootfstype=hostfs rootflags=/ ro init="$run/init" VM_RUN="$run" quiet panic=-1 \
        con=null con0=null,fd:3 ssl=null ssl0=null,fd:4 ssl1=null,fd:5 "${device[@]}" "${kernel_args[@]}" \
        </dev/null >>"$console" 2>&1 3>>"$console" 4>"$run/stdout" 5>"$run/stderr"
    vm=$!
}

# ---- QEMU, without KVM ---------------------------------------------------------------------------------------------------------

nine_p=trans=virtio,version=9p2000.L,msize=262144

qemu_settings() {
    printf 'MODULES_DIR=%s\n' "$(quote_for_sh "$cache/qemu/modules")"
    printf 'MODULES="%s"\n' "$qemu_modules"
    # The first line is the kernel's.
    printf 'STDOUT=ttyS1\nSTDERR=ttyS2\n'
    # shellcheck disable=SC2016 # the guest's shell expands it
    echo 'mount_share() { busybox mount -t 9p -o '"$nine_p"',cache=mmap "$1" "$2"; }'
}

# What the guest needs until it sees this machine's files.
pack_initrd() {
    local module tree=$run/initrd.d
    mkdir -p "$tree"/{bin,modules,dev,root}
    cp "$cache/busybox" "$tree/bin/"
    cp "$here/qemu-init" "$tree/init"
    echo "$qemu_boot_modules" >"$tree/modules/order"
    for module in $qemu_boot_modules; do
        [[ ! -e $cache/qemu/modules/$module.ko ]] || cp "$cache/qemu/modules/$module.ko" "$tree/modules/"
    done
    (cd "$tree" && find . | "$cache/busybox" cpio -o -H newc 2>/dev/null) >"$run/initrd"
    rm -rf "$tree"
}

share() {
    local name=$1 path=$2 more=${3:-}
    printf '%s\n' -fsdev "local,id=$name,path=$path,security_model=none,multidevs=remap$more" \
        -device "virtio-9p-pci,fsdev=$name,mount_tag=$name"
}

line_to() {
    local name=$1 path=$2
    printf '%s\n' -chardev "file,id=$name,path=$path,append=on" -serial "chardev:$name"
}

# The ready files of deploy, with this guest's memory and CID in place of theirs: the vhost-user backend as the vsock device if there
# is one, and this machine's vhost_vsock otherwise. A backend must see the guest's memory, so that is shared, which the file says.
vsock_device() {
    local file=vsock.cfg
    if [[ -n ${backend_pid:-} ]]; then
        file=vhost-user-vsock.cfg
    else
        printf '%s\n' -machine q35
    fi
    sed -e "s/\"1G\"/\"$memory\"/" -e "s/\"42\"/\"$cid\"/" "$here/../../deploy/vmm/qemu/$file" >"$run/$file"
    printf '%s\n' -readconfig "$run/$file"
}

start_qemu() {
    local arguments
    pack_initrd
    ln -s "$console" "$run/console"
    mapfile -t arguments < <(
        share root / ,readonly=on
        share out "$run/shares/out"
        share run "$run/shares/run"
        line_to console "$run/console"
        line_to stdout "$run/stdout"
        line_to stderr "$run/stderr"
        vsock_device
    )
    pass_output_on
    # The file names the backend's socket relatively. The pipes are opened here as well as by QEMU, which may end before it does.
    cd "$run"
    spawn qemu-system-x86_64 -accel tcg,thread=single -cpu max -smp 1 -m "$memory" \
        -no-user-config -nodefaults -display none -no-reboot "${arguments[@]}" \
        -kernel "$cache/qemu/linux" -initrd "$run/initrd" \
        -append "console=ttyS0 quiet panic=-1 mitigations=off random.trust_cpu=on VM_RUN=$run ${kernel_args[*]}" \
        </dev/null >>"$console" 2>&1 4>"$run/stdout" 5>"$run/stderr"
    vm=$!
    cd "$OLDPWD"
}
