#include "muxer.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

// Firecracker's: host ports are of the upper half of 2^31, so that they never meet one that a service would listen on.
static const uint32_t FIRST_HOST_PORT = 1u << 30;

static void log_packet(const struct muxer *muxer, const char *direction, const struct packet_header *header) {
    static const char *const names[] = {"?",  "REQUEST",       "RESPONSE",      "RST", "SHUTDOWN",
                                        "RW", "CREDIT_UPDATE", "CREDIT_REQUEST"};
    if (muxer->verbose) {
        fprintf(stderr, "%s %-14s %u -> %u length=%u flags=%u capacity=%u consumed=%u\n", direction,
            header->op <= OP_CREDIT_REQUEST ? names[header->op] : "?", header->src_port, header->dst_port, header->len,
            header->flags, header->buf_alloc, header->fwd_cnt);
    }
}

static struct connection *find(const struct muxer *muxer, uint32_t host_port, uint32_t guest_port) {
    for (unsigned i = 0; i < muxer->count; i++) {
        struct connection *connection = muxer->connections[i];
        bool has_ports = connection->state != AWAITING_COMMAND && connection->state != GONE;
        if (has_ports && connection->host_port == host_port && connection->guest_port == guest_port) {
            return connection;
        }
    }
    return NULL;
}

// Keeps the new one. The caller has seen that there is room.
static void add(struct muxer *muxer, struct connection *connection) {
    muxer->readable[muxer->count] = false;
    muxer->connections[muxer->count++] = connection;
}

// ---- from the guest --------------------------------------------------------------------------------------------------------

static void answer_with_reset(struct muxer *muxer, const struct packet_header *header) {
    if (header->op == OP_RST) {
        return;
    }
    muxer->strays[muxer->stray_count++] =
        (struct stray_reset){.host_port = header->dst_port, .guest_port = header->src_port, .type = header->type};
}

// Connects to <uds path>_<port>. Blocks while the listener's backlog is full, as Firecracker does.
static int dial_host(const struct muxer *muxer, uint32_t port) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int length = snprintf(address.sun_path, sizeof address.sun_path, "%s_%u", muxer->uds_path, port);
    if (length < 0 || (size_t)length >= sizeof address.sun_path) {
        return -1;
    }
    int socket_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket_ >= 0 && connect(socket_, (struct sockaddr *)&address, sizeof address) != 0) {
        close(socket_);
        return -1;
    }
    return socket_;
}

static void accept_request(struct muxer *muxer, const struct packet_header *header) {
    int socket_ = muxer->count < muxer->limit ? dial_host(muxer, header->dst_port) : -1;
    if (socket_ < 0) {
        answer_with_reset(muxer, header);
        return;
    }
    add(muxer, connection_from_guest(socket_, muxer->half_close, header));
}

static void handle_packet(
    struct muxer *muxer, const struct packet_header *header, const struct iovec *payload, unsigned count) {
    log_packet(muxer, "guest:", header);
    if (header->dst_cid != HOST_CID || header->src_cid != muxer->guest_cid) {
        // Firecracker drops them without a word, too.
        return;
    }
    if (header->type != PACKET_STREAM) {
        answer_with_reset(muxer, header);
        return;
    }
    struct connection *connection = find(muxer, header->dst_port, header->src_port);
    if (connection) {
        connection_receive(connection, header, payload, count);
    } else if (header->op == OP_REQUEST) {
        accept_request(muxer, header);
    } else {
        answer_with_reset(muxer, header);
    }
}

bool muxer_can_transmit(const struct muxer *muxer, const struct virtqueue *queue) {
    return muxer->stray_count < MAX_STRAY_RESETS && virtqueue_has_next(queue);
}


bool muxer_transmit(struct muxer *muxer, struct virtqueue *queue, const struct guest_memory *memory) {
    for (unsigned i = 0; i < BURST && muxer_can_transmit(muxer, queue); i++) {
        struct chain chain;
        if (virtqueue_peek(queue, memory, GUEST_TO_HOST, &chain) != PEEK_FOUND) {
            return false;
        }
        struct packet_header header;
        if (!chain_read(&chain, &header, sizeof header) || header.len > chain.bytes - sizeof header) {
            return false;
        }
        struct iovec payload[MAX_PARTS];
        unsigned count = chain_slice(&chain, sizeof header, header.len, payload);
        handle_packet(muxer, &header, payload, count);
        virtqueue_complete(queue, &chain, 0);
    }
    return true;
}

// ---- to the guest ----------------------------------------------------------------------------------------------------------

static bool next_packet(
    struct muxer *muxer, unsigned index, const struct chain *room, struct packet_header *header) {
    if (index < muxer->count) {
        return connection_next_packet(muxer->connections[index], muxer->readable[index], room, header);
    }
    if (muxer->stray_count == 0) {
        return false;
    }
    struct stray_reset reset = muxer->strays[--muxer->stray_count];
    header->src_port = reset.host_port;
    header->dst_port = reset.guest_port;
    header->type = reset.type;
    header->op = OP_RST;
    return true;
}

// Gives one source's packets to the guest. *full says that the guest has no more buffers.
static bool receive_from(
    struct muxer *muxer, unsigned index, struct virtqueue *queue, const struct guest_memory *memory, bool *full) {
    // Nothing but a buffer of the guest would bring the strays' turn again, so they have all of it.
    unsigned burst = index < muxer->count ? BURST : MAX_STRAY_RESETS;
    for (unsigned i = 0; i < burst; i++) {
        struct chain room;
        enum peek_result found = virtqueue_peek(queue, memory, HOST_TO_GUEST, &room);
        if (found == PEEK_BROKEN || (found == PEEK_FOUND && room.bytes < sizeof(struct packet_header))) {
            return false;
        }
        if (found == PEEK_EMPTY) {
            *full = true;
            return true;
        }
        struct packet_header header = {.src_cid = HOST_CID, .dst_cid = muxer->guest_cid};
        if (!next_packet(muxer, index, &room, &header)) {
            return true;
        }
        log_packet(muxer, "host: ", &header);
        chain_write(&room, &header, sizeof header);
        virtqueue_complete(queue, &room, sizeof header + header.len);
    }
    return true;
}

bool muxer_receive(struct muxer *muxer, struct virtqueue *queue, const struct guest_memory *memory) {
    // The sources are the connections and, last, the resets that belong to none.
    unsigned sources = muxer->count + 1;
    bool full = false;
    for (unsigned i = 0; i < sources && !full; i++) {
        if (!receive_from(muxer, (muxer->first + i) % sources, queue, memory, &full)) {
            return false;
        }
    }
    muxer->first = (muxer->first + 1) % sources;
    return true;
}

// ---- the host's sockets ----------------------------------------------------------------------------------------------------

unsigned muxer_poll_set(const struct muxer *muxer, const struct virtqueue *receive, struct pollfd *set) {
    bool guest_has_buffer = virtqueue_has_next(receive);
    // Nobody is accepted before the guest's driver is there: the clients wait in the backlog.
    set[0] = (struct pollfd){.fd = guest_has_buffer ? muxer->listener : -1, .events = POLLIN};
    for (unsigned i = 0; i < muxer->count; i++) {
        const struct connection *connection = muxer->connections[i];
        short events = connection_poll_events(connection, guest_has_buffer);
        // Without events poll(2) would still report a hang-up, at once and for ever.
        set[i + 1] = (struct pollfd){.fd = events ? connection->socket : -1, .events = events};
    }
    return muxer->count + 1;
}

static void accept_from_host(struct muxer *muxer) {
    int socket_ = accept4(muxer->listener, NULL, NULL, SOCK_CLOEXEC);
    if (socket_ < 0) {
        return;
    }
    if (muxer->count == muxer->limit) {
        close(socket_);
        return;
    }
    add(muxer, connection_from_host(socket_, muxer->half_close));
}

static uint32_t free_host_port(struct muxer *muxer, uint32_t guest_port) {
    uint32_t port;
    do {
        port = FIRST_HOST_PORT | (muxer->next_host_port++ & (FIRST_HOST_PORT - 1));
    } while (find(muxer, port, guest_port));
    return port;
}

void muxer_polled(struct muxer *muxer, const struct pollfd *set) {
    int64_t now = now_ms();
    for (unsigned i = 0; i < muxer->count; i++) {
        struct connection *connection = muxer->connections[i];
        connection_check_deadline(connection, now);
        const struct pollfd *found = &set[i + 1];
        muxer->readable[i] = found->events & POLLIN && found->revents & (POLLIN | POLLHUP | POLLERR);
        if (found->revents & (POLLOUT | POLLERR | POLLHUP) && connection->to_host.length > 0) {
            connection_flush(connection);
        }
        if (muxer->readable[i] && connection->state == AWAITING_COMMAND && connection_read_command(connection)) {
            connection_request(connection, free_host_port(muxer, connection->guest_port));
        }
    }
    if (set[0].revents & POLLIN) {
        accept_from_host(muxer);
    }
}

// ---- ends ------------------------------------------------------------------------------------------------------------------

void muxer_sweep(struct muxer *muxer) {
    for (unsigned i = 0; i < muxer->count;) {
        if (muxer->connections[i]->state == GONE) {
            connection_free(muxer->connections[i]);
            muxer->connections[i] = muxer->connections[--muxer->count];
            muxer->readable[i] = muxer->readable[muxer->count];
        } else {
            i++;
        }
    }
}

int muxer_timeout(const struct muxer *muxer) {
    int64_t now = now_ms();
    int64_t soonest = INT64_MAX;
    for (unsigned i = 0; i < muxer->count; i++) {
        int64_t deadline = muxer->connections[i]->deadline_ms;
        if (deadline > 0 && deadline < soonest) {
            soonest = deadline;
        }
    }
    if (soonest == INT64_MAX) {
        return -1;
    }
    return soonest > now ? (int)(soonest - now) : 0;
}

void muxer_drop_all(struct muxer *muxer) {
    for (unsigned i = 0; i < muxer->count; i++) {
        connection_free(muxer->connections[i]);
    }
    muxer->count = 0;
    muxer->stray_count = 0;
}
