# What the lanes are made of: where each part lies, which packages it needs, and how it is made. Read by vsock-vm.
# shellcheck shell=bash disable=SC2154 # here and cache are vsock-vm's

# A kernel for each VMM. In load order; what a distribution builds in, or does not have, is left out.
uml_modules="overlay vsock vmw_vsock_virtio_transport_common vsock_loopback virtio_uml vmw_vsock_virtio_transport"
qemu_boot_modules="virtio_ring virtio virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci netfs fscache 9pnet 9pnet_virtio 9p"
qemu_modules="overlay vsock vmw_vsock_virtio_transport_common vsock_loopback vmw_vsock_virtio_transport"

# Pinned: its behaviour is recorded in README.md. Its lock file is of version 4.
vhost_device_vsock_version=0.3.0
cargo_needed=1.78

all_sets="uml qemu vhost-device-vsock native"

# What can be set up at once, by its name on the command line.
parts_of() {
    case $1 in
    uml) echo uml-kernel busybox hybrid-vsock ;;
    qemu) echo qemu qemu-kernel busybox hybrid-vsock ;;
    vhost-device-vsock) echo vhost-device-vsock ;;
    native) echo vhost-kernel qemu qemu-kernel busybox ;;
    *) fail 2 "there is no set of parts '$1'; there are: $all_sets" ;;
    esac
}

# Where a part is once it is there. A digest of its source lets two checkouts share a cache without mixing their builds.
place_of() {
    case $1 in
    uml-kernel) echo "$cache/uml/linux" ;;
    busybox) echo "$cache/busybox" ;;
    hybrid-vsock) echo "$cache/hybrid-vsock-$(digest "$here"/hybrid-vsock/{Makefile,*.c,*.h})/hybrid-vsock" ;;
    qemu) command -v qemu-system-x86_64 || echo /usr/bin/qemu-system-x86_64 ;;
    qemu-kernel) echo "$cache/qemu/linux" ;;
    vhost-device-vsock) echo "$cache/vhost-device-vsock-$vhost_device_vsock_version/bin/vhost-device-vsock" ;;
    vhost-kernel) echo "$cache/vhost-kernel-$(digest "$here"/build-vhost-kernel "$here"/vhost-kernel.config)/linux" ;;
    esac
}

digest() {
    cat "$@" | sha256sum | cut -c 1-12
}

is_there() {
    [[ -e $(place_of "$1") ]]
}

words_for() {
    case $1 in
    uml-kernel) echo "the kernel of User-Mode Linux" ;;
    busybox) echo "busybox for the guest" ;;
    hybrid-vsock) echo "the vhost-user backend" ;;
    qemu) echo "QEMU" ;;
    qemu-kernel) echo "a kernel for QEMU's guest" ;;
    vhost-device-vsock) echo "the vhost-user backend vhost-device-vsock $vhost_device_vsock_version" ;;
    vhost-kernel) echo "a kernel with vhost_vsock" ;;
    esac
}

# The parts of the named sets that are missing, each once.
missing_parts() {
    local set part
    for set in "$@"; do
        for part in $(parts_of "$set"); do
            is_there "$part" || echo "$part"
        done
    done | sort -u
}

# ---- packages ----------------------------------------------------------------------------------------------------------------

# The packages that are not installed and without which a missing part cannot be made, or used.
packages_for() {
    case $1 in
    hybrid-vsock) unless_there gcc gcc make make && unless_file /usr/include/stdio.h libc6-dev ;;
    qemu) echo qemu-system-x86 ;;
    vhost-device-vsock) unless_there cc gcc && unless_file /usr/include/stdio.h libc6-dev ;;
    vhost-kernel)
        unless_there gcc gcc make make flex flex bison bison bc bc xz xz-utils
        unless_file /usr/include/stdio.h libc6-dev
        ;;
    esac
}

# unless_there COMMAND PACKAGE...
unless_there() {
    while (($# > 0)); do
        command -v "$1" >/dev/null || echo "$2"
        shift 2
    done
}

# A compiler without the C library's headers is a common half of an installation.
unless_file() {
    [[ -e $1 ]] || echo "$2"
}

missing_packages() {
    local part
    for part in $(missing_parts "$@"); do
        packages_for "$part"
    done | sort -u | paste -s -d ' '
}

# Why the named sets cannot be had here at all; nothing when they can.
unsupported() {
    [[ $(uname -sm) == "Linux x86_64" ]] || echo "the VM lanes are for Linux on x86_64; this is $(uname -sm)"
    command -v apt-get >/dev/null && command -v dpkg >/dev/null || echo "setup fetches Debian's packages with apt-get and dpkg"
    [[ " $(missing_parts "$@" | paste -s -d ' ') " != *" vhost-device-vsock "* ]] || cargo_reason
}

cargo_reason() {
    local version
    version=$(cargo --version 2>/dev/null | cut -d ' ' -f 2) || true
    if [[ -z $version ]]; then
        echo "cargo is not installed; vhost-device-vsock is built with Rust's cargo $cargo_needed or newer"
    elif ! printf '%s\n' "$cargo_needed" "$version" | sort -V -C; then
        echo "cargo is $version; vhost-device-vsock is built with Rust's cargo $cargo_needed or newer"
    fi
}

no_uml_package="apt knows no package user-mode-linux. On Debian 'apt-get update' helps. Ubuntu has none, but Debian 12's fits: \
download its file from Debian, and give it to 'vsock-vm setup --uml-package FILE'"

apt_has() {
    apt-cache show "$1" >/dev/null 2>&1
}

# A wrong name must end this program, and not only a subshell of it.
known_sets() {
    local set
    for set in "$@"; do
        parts_of "$set" >/dev/null
    done
}

check() {
    (($# > 0)) || set -- uml
    known_sets "$@"
    local reason packages part missing
    reason=$(unsupported "$@")
    if [[ -n $reason ]]; then
        echo "cannot be had here: $reason"
        return 1
    fi
    missing=$(missing_parts "$@")
    if [[ -z $missing ]]; then
        echo "ready: $cache"
        return 0
    fi
    packages=$(missing_packages "$@")
    echo "missing:"
    for part in $missing; do
        echo "  $(words_for "$part") ($(place_of "$part"))"
    done
    echo "to get it:"
    [[ -z $packages ]] || echo "  apt-get update && apt-get install -y --no-install-recommends $packages"
    echo "  ${BASH_SOURCE[-1]} setup $*"
    [[ $missing != *uml-kernel* ]] || apt_has user-mode-linux || echo "but $no_uml_package"
    return 1
}

# ---- making them -------------------------------------------------------------------------------------------------------------

setup() {
    local uml_package='' reason packages part
    if [[ ${1:-} == --uml-package ]]; then
        uml_package=${2:?}
        shift 2
    fi
    (($# > 0)) || set -- uml
    known_sets "$@"
    reason=$(unsupported "$@")
    [[ -z $reason ]] || fail 1 "$reason"
    [[ -n $(missing_parts "$@") ]] || return 0
    packages=$(missing_packages "$@")
    [[ -z $packages ]] || fail 1 "first run as root: apt-get update && apt-get install -y --no-install-recommends $packages"
    mkdir -p "$cache"
    # Two builds at once must not fetch twice, nor see each other's half-made files.
    exec 9>"$cache/lock"
    flock 9
    work=$(mktemp -d "$cache/setup.XXXXXX")
    trap 'rm -rf "$work" "${build:-}"' EXIT
    for part in $(missing_parts "$@"); do
        "make_$part"
    done
    echo "ready: $cache"
}

# fetch PACKAGE DIRECTORY: the file of a Debian package, in DIRECTORY.
fetch() {
    local package=$1 directory=$2
    mkdir -p "$directory"
    # The sandbox user of apt cannot write here; it would only warn about that.
    if ! (cd "$directory" && apt-get -q -o APT::Sandbox::User=root download "$package") >"$directory/log" 2>&1; then
        sed 's/^/  /' "$directory/log" >&2
        fail 1 "cannot fetch $package; does 'apt-get update', as root, help?"
    fi
}

# keep DIRECTORY PLACE: a finished part appears at once and whole.
keep() {
    rm -rf "$2"
    mv "$1" "$2"
}

# copy_modules FROM TO NAME...: exactly one kernel's modules lie below FROM, plain in Debian 12 and compressed elsewhere.
copy_modules() {
    local from=$1 to=$2 module found
    shift 2
    mkdir -p "$to"
    for module in "$@"; do
        found=$(find "$from" -name "$module.ko*" -print -quit)
        case $found in
        *.ko) cp "$found" "$to/" ;;
        *.xz) xz -dc "$found" >"$to/$module.ko" ;;
        *.zst) zstd -qdc "$found" >"$to/$module.ko" ;;
        esac
    done
}

make_uml-kernel() {
    local unpacked=$work/uml
    if [[ -n $uml_package ]]; then
        echo "unpacking the kernel of User-Mode Linux ($uml_package)"
    elif apt_has user-mode-linux; then
        echo "fetching the kernel of User-Mode Linux (user-mode-linux, 40 MB)"
        fetch user-mode-linux "$work/uml-package"
        uml_package=$(echo "$work"/uml-package/*.deb)
    else
        fail 1 "$no_uml_package"
    fi
    dpkg -x "$uml_package" "$unpacked"
    # shellcheck disable=SC2086 # a list of words
    copy_modules "$unpacked" "$work/kept/modules" $uml_modules
    cp "$unpacked/usr/bin/linux.uml" "$work/kept/linux"
    keep "$work/kept" "$cache/uml"
}

make_busybox() {
    echo "fetching busybox for the guest (busybox-static, 1 MB)"
    fetch busybox-static "$work/busybox"
    dpkg -x "$work"/busybox/*.deb "$work/busybox"
    local found
    # In bin or usr/bin, depending on the release. Other files of the package have the same name.
    found=$(find "$work/busybox" -type f -perm -u=x -name busybox -print -quit)
    mv "$found" "$cache/busybox"
}

make_hybrid-vsock() {
    local place
    place=$(place_of hybrid-vsock)
    echo "compiling the vhost-user backend (hybrid-vsock)"
    # Not in the cache: make cannot do with a blank in a path.
    build=$(mktemp -d /tmp/vsock-vm-build.XXXXXX)
    make -s -C "$here/hybrid-vsock" BUILD="$build"
    mkdir "$work/hybrid-vsock"
    mv "$build/hybrid-vsock" "$work/hybrid-vsock/"
    keep "$work/hybrid-vsock" "${place%/*}"
}

# It is a package, and so already there.
make_qemu() {
    :
}

make_qemu-kernel() {
    local package
    # linux-image-amd64 only names the package of the current kernel.
    package=$(apt-cache depends linux-image-amd64 2>/dev/null | sed -n 's/.*Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1)
    [[ -n $package ]] || fail 1 "apt knows no package linux-image-amd64; does 'apt-get update', as root, help?"
    echo "fetching a kernel for QEMU's guest ($package, 70 MB)"
    fetch "$package" "$work/qemu-package"
    dpkg -x "$work"/qemu-package/*.deb "$work/qemu-package"
    # shellcheck disable=SC2086 # lists of words
    copy_modules "$work/qemu-package" "$work/qemu/modules" $qemu_boot_modules $qemu_modules
    cp "$work"/qemu-package/boot/vmlinuz-* "$work/qemu/linux"
    keep "$work/qemu" "$cache/qemu"
}

make_vhost-device-vsock() {
    echo "building vhost-device-vsock $vhost_device_vsock_version (cargo; a minute or two)"
    local place log=$work/cargo.log
    place=$(place_of vhost-device-vsock)
    CARGO_TARGET_DIR=$work/cargo cargo install --quiet --locked --root "$work/vhost-device-vsock" \
        vhost-device-vsock --version "$vhost_device_vsock_version" >"$log" 2>&1 || {
        tail -n 20 "$log" | sed 's/^/  /' >&2
        fail 1 "cargo could not build vhost-device-vsock"
    }
    keep "$work/vhost-device-vsock" "${place%/bin/*}"
}

make_vhost-kernel() {
    local source place
    place=$(place_of vhost-kernel)
    source=$(apt-cache search --names-only '^linux-source-6\.[0-9]+$' | sort -V | sed -n 's/ .*//p' | head -n 1)
    [[ -n $source ]] || fail 1 "apt knows no package linux-source-6.*; does 'apt-get update', as root, help?"
    echo "building a kernel with vhost_vsock ($source, 140 MB; some minutes)"
    fetch "$source" "$work/source"
    dpkg-deb --fsys-tarfile "$work"/source/*.deb | tar -xO --wildcards './usr/src/linux-source-*.tar.xz' >"$work/source.tar.xz"
    mkdir "$work/vhost-kernel"
    "$here/build-vhost-kernel" "$work/source.tar.xz" "$work/vhost-kernel/linux" ||
        fail 1 "the kernel could not be built"
    keep "$work/vhost-kernel" "${place%/*}"
}
