// hybrid-vsock: a virtio-vsock device for any VMM that speaks vhost-user, whose other end are Unix sockets in Firecracker's
// convention. One process serves one guest, and ends with it. The options are those of rust-vmm's vhost-device-vsock.
//
// The guest is not trusted: it can fill or break its own rings, which ends this process and so its own connections, no more.

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "muxer.h"
#include "vhost_user.h"

// Firecracker's limit.
enum { DEFAULT_CONNECTIONS = 1023, MAX_CONNECTIONS = 65536, BACKLOG = 1024 };

// Descriptors besides the connections': standard ones, listeners, the VMM's, queues, memory.
enum { OTHER_DESCRIPTORS = 64 };

struct options {
    const char *socket_path;
    const char *uds_path;
    uint64_t guest_cid;
    unsigned connections;
    bool half_close;
    bool verbose;
};

static void fail(const char *what) {
    fprintf(stderr, "hybrid-vsock: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void usage(int status) {
    fprintf(status ? stderr : stdout,
        "Usage: hybrid-vsock --socket PATH --guest-cid CID --uds-path PATH [--connections N] [--half-close] [--verbose]\n"
        "  --socket PATH      where the VMM connects, with the vhost-user protocol\n"
        "  --guest-cid CID    the guest's address, 3 or more\n"
        "  --uds-path PATH    the guest's connect to port P arrives at PATH_P; the host's 'CONNECT P' is taken on PATH\n"
        "  --connections N    at once, at most (default 1023)\n"
        "  --half-close       pass the end of one direction on by itself; without it, one end ends both\n"
        "  --verbose          a line on standard error for each packet\n");
    exit(status);
}

static uint64_t parse_number(const char *text, uint64_t least, uint64_t most) {
    char *end;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    if (errno != 0 || *text < '0' || *text > '9' || *end != '\0' || number < least || number > most) {
        fprintf(stderr, "hybrid-vsock: '%s' is no number from %llu to %llu\n", text, (unsigned long long)least,
            (unsigned long long)most);
        exit(2);
    }
    return number;
}

static struct options parse_options(int argc, char **argv) {
    static const struct option known[] = {
        {"socket", required_argument, NULL, 's'},
        {"guest-cid", required_argument, NULL, 'c'},
        {"uds-path", required_argument, NULL, 'u'},
        {"connections", required_argument, NULL, 'n'},
        {"half-close", no_argument, NULL, 'h'},
        {"verbose", no_argument, NULL, 'v'},
        {"help", no_argument, NULL, '?'},
        {0},
    };
    struct options options = {.connections = DEFAULT_CONNECTIONS};
    int option;
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        switch (option) {
        case 's':
            options.socket_path = optarg;
            break;
        case 'c':
            options.guest_cid = parse_number(optarg, 3, UINT32_MAX - 1);
            break;
        case 'u':
            options.uds_path = optarg;
            break;
        case 'n':
            options.connections = (unsigned)parse_number(optarg, 1, MAX_CONNECTIONS);
            break;
        case 'h':
            options.half_close = true;
            break;
        case 'v':
            options.verbose = true;
            break;
        default:
            usage(optopt ? 2 : 0);
        }
    }
    if (!options.socket_path || !options.uds_path || !options.guest_cid || optind != argc) {
        usage(2);
    }
    return options;
}

static int listen_on(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        fprintf(stderr, "hybrid-vsock: longer than a socket's path may be: %s\n", path);
        exit(1);
    }
    strcpy(address.sun_path, path);
    struct stat old;
    if (lstat(path, &old) == 0 && S_ISSOCK(old.st_mode)) {
        unlink(path);
    }
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, BACKLOG) != 0) {
        fail(path);
    }
    return listener;
}

static void raise_descriptor_limit(unsigned connections) {
    struct rlimit limit;
    rlim_t needed = connections + OTHER_DESCRIPTORS;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < needed) {
        limit.rlim_cur = needed < limit.rlim_max ? needed : limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static void *allocate(size_t count, size_t size) {
    void *memory = calloc(count, size);
    if (!memory) {
        fail("memory");
    }
    return memory;
}

static struct muxer create_muxer(const struct options *options) {
    return (struct muxer){
        .guest_cid = options->guest_cid,
        .uds_path = options->uds_path,
        .listener = listen_on(options->uds_path),
        .half_close = options->half_close,
        .verbose = options->verbose,
        .limit = options->connections,
        .connections = allocate(options->connections, sizeof(struct connection *)),
        .readable = allocate(options->connections, sizeof(bool)),
    };
}

static void drain(int event) {
    uint64_t count;
    (void)!read(event, &count, sizeof count);
}

// Moves packets in both directions until the guest or the host's processes must act.
static bool move_packets(struct muxer *muxer, struct vhost_user *session) {
    struct virtqueue *receive = &session->queues[RECEIVE_QUEUE];
    struct virtqueue *transmit = &session->queues[TRANSMIT_QUEUE];
    bool kept_the_rules = muxer_transmit(muxer, transmit, &session->memory) && muxer_receive(muxer, receive, &session->memory);
    virtqueue_notify(transmit);
    virtqueue_notify(receive);
    return kept_the_rules;
}

// What serve() watches: the VMM's socket, the guest's kicks, and from HOST on the host's sockets.
enum { VMM, KICKS, HOST = KICKS + QUEUE_COUNT };

// Serves until the VMM goes. Returns the exit status.
static int serve(struct muxer *muxer, struct vhost_user *session, struct pollfd *set) {
    for (;;) {
        muxer_sweep(muxer);
        set[VMM] = (struct pollfd){.fd = session->socket, .events = POLLIN};
        for (unsigned i = 0; i < QUEUE_COUNT; i++) {
            set[KICKS + i] = (struct pollfd){.fd = session->queues[i].kick, .events = POLLIN};
        }
        unsigned count = HOST + muxer_poll_set(muxer, &session->queues[RECEIVE_QUEUE], set + HOST);
        bool more = muxer_can_transmit(muxer, &session->queues[TRANSMIT_QUEUE]);
        if (poll(set, count, more ? 0 : muxer_timeout(muxer)) < 0) {
            continue;
        }
        for (unsigned i = 0; i < QUEUE_COUNT; i++) {
            if (set[KICKS + i].revents & POLLIN) {
                drain(set[KICKS + i].fd);
            }
        }
        muxer_polled(muxer, set + HOST);
        if (!move_packets(muxer, session)) {
            fprintf(stderr, "hybrid-vsock: the guest broke the rules of its rings\n");
            return 1;
        }
        if (set[VMM].revents) {
            switch (vhost_user_handle(session)) {
            case VHOST_USER_NOTHING:
                break;
            case VHOST_USER_DEVICE_STOPPED:
                muxer_drop_all(muxer);
                break;
            case VHOST_USER_DISCONNECTED:
                return 0;
            case VHOST_USER_BROKEN:
                return 1;
            }
        }
    }
}

int main(int argc, char **argv) {
    struct options options = parse_options(argc, argv);
    signal(SIGPIPE, SIG_IGN);
    raise_descriptor_limit(options.connections);
    struct muxer muxer = create_muxer(&options);
    int listener = listen_on(options.socket_path);
    fprintf(stderr, "hybrid-vsock: CID %llu, %s\n", (unsigned long long)options.guest_cid, options.uds_path);

    int socket_ = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (socket_ < 0) {
        fail("accepting the VMM");
    }
    struct vhost_user session;
    vhost_user_init(&session, socket_, options.guest_cid);
    struct pollfd *set = allocate(HOST + muxer_max_poll(muxer.limit), sizeof *set);
    int status = serve(&muxer, &session, set);
    free(set);
    muxer_drop_all(&muxer);
    free(muxer.connections);
    free(muxer.readable);
    unlink(options.uds_path);
    unlink(options.socket_path);
    return status;
}
