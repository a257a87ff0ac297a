// The two ends that interop/vm/selftest lets talk to each other, as a guest without Python or a JVM can run them.
//
//   selftest-peer echo ADDRESS COUNT               serves COUNT connections, then ends
//   selftest-peer client ADDRESS BYTES COUNT       COUNT connections at once, each sends BYTES and checks that they come back
//   selftest-peer refused ADDRESS                  succeeds if nobody answers, in the way that the kind of address has for it
//
// ADDRESS is vsock:CID:PORT, unix:PATH, or for a client hybrid:PATH:PORT. A client tries for ten seconds to find its server.

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <linux/vm_sockets.h>

enum { CHUNK = 64 * 1024, BACKLOG = 1024, PATIENCE_MS = 10000, RETRY_MS = 20 };

static void fail(const char *what) {
    fprintf(stderr, "selftest-peer: %s: %s\n", what, strerror(errno));
    exit(1);
}

// ---- addresses -------------------------------------------------------------------------------------------------------------

struct address {
    enum { VSOCK, UNIX, HYBRID } kind;
    uint32_t port;
    socklen_t length;
    union {
        struct sockaddr any;
        struct sockaddr_vm vsock;
        struct sockaddr_un unix_;
    } socket;
};

static void set_path(struct address *address, const char *path, size_t length) {
    if (length >= sizeof address->socket.unix_.sun_path) {
        errno = ENAMETOOLONG;
        fail(path);
    }
    address->socket.unix_.sun_family = AF_UNIX;
    memcpy(address->socket.unix_.sun_path, path, length);
    address->length = sizeof address->socket.unix_;
}

static struct address parse_address(const char *text) {
    struct address address;
    memset(&address, 0, sizeof address);
    const char *colon = strrchr(text, ':');
    if (strncmp(text, "vsock:", 6) == 0) {
        // On a machine that is itself a guest, this would reach a hypervisor that is none of our business.
        if (!getenv("IN_GUEST")) {
            fprintf(stderr, "selftest-peer: vsock is only for the test's own guest\n");
            exit(2);
        }
        address.kind = VSOCK;
        address.socket.vsock.svm_family = AF_VSOCK;
        address.socket.vsock.svm_cid = strncmp(text + 6, "any:", 4) == 0 ? VMADDR_CID_ANY : (uint32_t)strtoul(text + 6, NULL, 10);
        address.socket.vsock.svm_port = (uint32_t)strtoul(colon + 1, NULL, 10);
        address.length = sizeof address.socket.vsock;
    } else if (strncmp(text, "unix:", 5) == 0) {
        address.kind = UNIX;
        set_path(&address, text + 5, strlen(text + 5));
    } else if (strncmp(text, "hybrid:", 7) == 0 && colon > text + 7) {
        address.kind = HYBRID;
        address.port = (uint32_t)strtoul(colon + 1, NULL, 10);
        set_path(&address, text + 7, (size_t)(colon - text - 7));
    } else {
        fprintf(stderr, "selftest-peer: no address: %s\n", text);
        exit(2);
    }
    return address;
}

// ---- bytes -----------------------------------------------------------------------------------------------------------------

static bool read_fully(int fd, void *bytes, size_t length) {
    for (size_t done = 0; done < length;) {
        ssize_t got = read(fd, (char *)bytes + done, length - done);
        if (got <= 0) {
            return false;
        }
        done += (size_t)got;
    }
    return true;
}

static bool write_fully(int fd, const void *bytes, size_t length) {
    for (size_t done = 0; done < length;) {
        ssize_t sent = send(fd, (const char *)bytes + done, length - done, MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        done += (size_t)sent;
    }
    return true;
}

// Fills with numbers that differ at every place and in every connection (splitmix64), so that no mix-up goes unnoticed.
static void fill(uint64_t *words, size_t count, uint64_t *state) {
    for (size_t i = 0; i < count; i++) {
        uint64_t mixed = *state += 0x9e3779b97f4a7c15u;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
        words[i] = mixed ^ (mixed >> 31);
    }
}

static size_t smaller(uint64_t left) {
    return left < CHUNK ? (size_t)left : CHUNK;
}

static void start_thread(pthread_t *thread, void *(*body)(void *), void *argument) {
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 4 * CHUNK);
    errno = pthread_create(thread, &attributes, body, argument);
    if (errno != 0) {
        fail("a thread");
    }
}

// ---- server ----------------------------------------------------------------------------------------------------------------

// There is no half-close on a hybrid vsock, so the client says first how much will come.
static void *serve_one(void *argument) {
    int fd = (int)(intptr_t)argument;
    char chunk[CHUNK];
    uint64_t left;
    if (read_fully(fd, &left, sizeof left)) {
        while (left > 0) {
            ssize_t got = read(fd, chunk, smaller(left));
            if (got <= 0 || !write_fully(fd, chunk, (size_t)got)) {
                break;
            }
            left -= (uint64_t)got;
        }
    }
    // The client closes first; what we have sent might otherwise be lost with the connection.
    (void)!read(fd, chunk, 1);
    close(fd);
    return NULL;
}

static int serve(const char *text, unsigned count) {
    struct address address = parse_address(text);
    if (address.kind == UNIX) {
        unlink(address.socket.unix_.sun_path);
    }
    int listener = socket(address.socket.any.sa_family, SOCK_STREAM, 0);
    if (listener < 0 || bind(listener, &address.socket.any, address.length) != 0 || listen(listener, BACKLOG) != 0) {
        fail(text);
    }
    pthread_t *threads = calloc(count, sizeof *threads);
    for (unsigned i = 0; i < count; i++) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0) {
            fail("accept");
        }
        start_thread(&threads[i], serve_one, (void *)(intptr_t)fd);
    }
    for (unsigned i = 0; i < count; i++) {
        pthread_join(threads[i], NULL);
    }
    return 0;
}

// ---- client ----------------------------------------------------------------------------------------------------------------

// Firecracker's greeting. False, with errno 0, when it was refused by end of file.
static bool greet(int fd, uint32_t port) {
    char line[32];
    int length = snprintf(line, sizeof line, "CONNECT %u\n", port);
    if (!write_fully(fd, line, (size_t)length)) {
        return false;
    }
    // Byte by byte: the guest's own bytes may follow at once.
    for (unsigned i = 0; i < sizeof line - 1; i++) {
        if (!read_fully(fd, &line[i], 1)) {
            errno = 0;
            return false;
        }
        if (line[i] == '\n') {
            line[i] = '\0';
            return strncmp(line, "OK ", 3) == 0;
        }
    }
    return false;
}

static int dial(const struct address *address) {
    int fd = socket(address->socket.any.sa_family, SOCK_STREAM, 0);
    bool connected = fd >= 0 && connect(fd, &address->socket.any, address->length) == 0;
    if (connected && address->kind == HYBRID) {
        connected = greet(fd, address->port);
    }
    if (!connected) {
        int error = errno;
        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

static int dial_patiently(const struct address *address) {
    for (int waited = 0; waited < PATIENCE_MS; waited += RETRY_MS) {
        int fd = dial(address);
        if (fd >= 0) {
            return fd;
        }
        nanosleep(&(struct timespec){.tv_nsec = RETRY_MS * 1000000}, NULL);
    }
    return -1;
}

struct exchange {
    int fd;
    uint64_t seed;
    uint64_t bytes;
    bool good;
    pthread_t sender;
    pthread_t receiver;
};

static void *send_all(void *argument) {
    struct exchange *exchange = argument;
    uint64_t words[CHUNK / sizeof(uint64_t)];
    uint64_t state = exchange->seed;
    for (uint64_t left = exchange->bytes; left > 0; left -= smaller(left)) {
        fill(words, CHUNK / sizeof *words, &state);
        if (!write_fully(exchange->fd, words, smaller(left))) {
            break;
        }
    }
    return NULL;
}

static void *check_all(void *argument) {
    struct exchange *exchange = argument;
    uint64_t expected[CHUNK / sizeof(uint64_t)];
    char got[CHUNK];
    uint64_t state = exchange->seed;
    for (uint64_t left = exchange->bytes; left > 0; left -= smaller(left)) {
        fill(expected, CHUNK / sizeof *expected, &state);
        if (!read_fully(exchange->fd, got, smaller(left)) || memcmp(got, expected, smaller(left)) != 0) {
            return NULL;
        }
    }
    exchange->good = true;
    return NULL;
}

static int run_clients(const char *text, uint64_t bytes, unsigned count) {
    struct address address = parse_address(text);
    struct exchange *exchanges = calloc(count, sizeof *exchanges);
    // All are open before the first sends: that is what "at once" means.
    for (unsigned i = 0; i < count; i++) {
        exchanges[i] = (struct exchange){.fd = dial_patiently(&address), .seed = i, .bytes = bytes};
        if (exchanges[i].fd < 0 || !write_fully(exchanges[i].fd, &bytes, sizeof bytes)) {
            fail(text);
        }
    }
    for (unsigned i = 0; i < count; i++) {
        start_thread(&exchanges[i].receiver, check_all, &exchanges[i]);
        start_thread(&exchanges[i].sender, send_all, &exchanges[i]);
    }
    unsigned good = 0;
    for (unsigned i = 0; i < count; i++) {
        pthread_join(exchanges[i].sender, NULL);
        pthread_join(exchanges[i].receiver, NULL);
        close(exchanges[i].fd);
        good += exchanges[i].good;
    }
    if (good != count) {
        fprintf(stderr, "selftest-peer: only %u of %u connections got back what they sent\n", good, count);
    }
    return good == count ? 0 : 1;
}

static int expect_refusal(const char *text) {
    struct address address = parse_address(text);
    int expected = address.kind == VSOCK ? ECONNRESET : address.kind == HYBRID ? 0 : ECONNREFUSED;
    if (dial(&address) >= 0) {
        fprintf(stderr, "selftest-peer: somebody answers at %s\n", text);
        return 1;
    }
    if (errno != expected) {
        fail(text);
    }
    return 0;
}

int main(int argc, char **argv) {
    if (argc == 4 && strcmp(argv[1], "echo") == 0) {
        return serve(argv[2], (unsigned)strtoul(argv[3], NULL, 10));
    }
    if (argc == 5 && strcmp(argv[1], "client") == 0) {
        return run_clients(argv[2], strtoull(argv[3], NULL, 10), (unsigned)strtoul(argv[4], NULL, 10));
    }
    if (argc == 3 && strcmp(argv[1], "refused") == 0) {
        return expect_refusal(argv[2]);
    }
    fprintf(stderr, "selftest-peer: see the comment at the top of its source\n");
    return 2;
}
