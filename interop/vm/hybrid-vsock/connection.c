#include "connection.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static const uint32_t MAX_PAYLOAD = 64 * 1024;

int64_t now_ms(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void add_pending(struct connection *connection, enum packet_op op) {
    connection->pending |= 1u << op;
}

static bool take_pending(struct connection *connection, enum packet_op op) {
    bool was_pending = connection->pending & (1u << op);
    connection->pending &= ~(1u << op);
    return was_pending;
}

static struct connection *create(int socket, bool half_close, enum connection_state state) {
    struct connection *connection = calloc(1, sizeof *connection);
    if (!connection) {
        perror("hybrid-vsock");
        exit(1);
    }
    fcntl(socket, F_SETFL, O_NONBLOCK);
    connection->socket = socket;
    connection->half_close = half_close;
    connection->state = state;
    connection->host_sends = true;
    connection->guest_sends = true;
    connection->guest_receives = true;
    return connection;
}

struct connection *connection_from_host(int socket, bool half_close) {
    return create(socket, half_close, AWAITING_COMMAND);
}

struct connection *connection_from_guest(int socket, bool half_close, const struct packet_header *request) {
    struct connection *connection = create(socket, half_close, ESTABLISHED);
    connection->host_port = request->dst_port;
    connection->guest_port = request->src_port;
    connection->guest_capacity = request->buf_alloc;
    connection->guest_consumed = request->fwd_cnt;
    add_pending(connection, OP_RESPONSE);
    return connection;
}

static void let_go_of_host(struct connection *connection) {
    if (connection->socket >= 0) {
        close(connection->socket);
    }
    connection->socket = -1;
    connection->deadline_ms = 0;
    byte_queue_clear(&connection->to_host);
}

void connection_free(struct connection *connection) {
    let_go_of_host(connection);
    free(connection);
}

void connection_reset(struct connection *connection) {
    let_go_of_host(connection);
    bool guest_knows = connection->state != AWAITING_COMMAND;
    connection->state = guest_knows ? RESETTING : GONE;
    connection->pending = guest_knows ? 1u << OP_RST : 0;
}

static void forget(struct connection *connection) {
    let_go_of_host(connection);
    connection->state = GONE;
}

// ---- the host's process ----------------------------------------------------------------------------------------------------

static bool parse_command(struct connection *connection) {
    char word[MAX_COMMAND + 1];
    char number[MAX_COMMAND + 1];
    char rest;
    if (sscanf(connection->command, "%32s %32s %c", word, number, &rest) != 2 || strcasecmp(word, "connect") != 0) {
        return false;
    }
    if (strspn(number, "0123456789") != strlen(number)) {
        return false;
    }
    errno = 0;
    unsigned long long port = strtoull(number, NULL, 10);
    connection->guest_port = (uint32_t)port;
    return errno == 0 && port <= UINT32_MAX;
}

bool connection_read_command(struct connection *connection) {
    // Byte by byte: what follows the line is already for the guest and stays in the socket.
    for (;;) {
        char byte;
        ssize_t got = recv(connection->socket, &byte, 1, 0);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
            return false;
        }
        if (got <= 0 || connection->command_length == MAX_COMMAND) {
            forget(connection);
            return false;
        }
        connection->command[connection->command_length++] = byte;
        if (byte == '\n') {
            break;
        }
    }
    if (!parse_command(connection)) {
        forget(connection);
        return false;
    }
    return true;
}

void connection_request(struct connection *connection, uint32_t host_port) {
    connection->host_port = host_port;
    connection->state = REQUESTED;
    connection->deadline_ms = now_ms() + REQUEST_TIMEOUT_MS;
    add_pending(connection, OP_REQUEST);
}

static void report_credit_if_low(struct connection *connection) {
    uint32_t unreported = connection->consumed - connection->reported;
    if (unreported > BYTE_QUEUE_CAPACITY / 2) {
        add_pending(connection, OP_CREDIT_UPDATE);
    }
}

// What remains to be done once everything from the guest has reached the host's process.
static void end_guests_direction(struct connection *connection) {
    if (connection->guest_sends || connection->to_host.length > 0 || connection->socket < 0) {
        return;
    }
    if (!connection->guest_receives || !connection->host_sends) {
        connection_reset(connection);
    } else if (connection->half_close) {
        shutdown(connection->socket, SHUT_WR);
    }
}

void connection_flush(struct connection *connection) {
    while (connection->to_host.length > 0) {
        struct iovec front = byte_queue_front(&connection->to_host);
        ssize_t sent = send(connection->socket, front.iov_base, front.iov_len, MSG_NOSIGNAL);
        if (sent < 0 && (errno == EAGAIN || errno == EINTR)) {
            break;
        }
        if (sent < 0) {
            connection_reset(connection);
            return;
        }
        byte_queue_drop(&connection->to_host, sent);
        connection->consumed += sent;
    }
    report_credit_if_low(connection);
    end_guests_direction(connection);
}

// ---- packets of the guest --------------------------------------------------------------------------------------------------

static void receive_response(struct connection *connection) {
    char line[32];
    int length = snprintf(line, sizeof line, "OK %u\n", connection->host_port);
    connection->state = ESTABLISHED;
    connection->deadline_ms = 0;
    if (send(connection->socket, line, length, MSG_NOSIGNAL) != length) {
        connection_reset(connection);
    }
}

static void receive_data(struct connection *connection, const struct iovec *payload, unsigned count) {
    if (!connection->guest_sends) {
        return;
    }
    // A guest that heeds its credit never fails here.
    if (!byte_queue_add(&connection->to_host, payload, count)) {
        connection_reset(connection);
        return;
    }
    connection_flush(connection);
}

static void receive_shutdown(struct connection *connection, uint32_t flags) {
    if (flags & SHUTDOWN_RECEIVE) {
        connection->guest_receives = false;
    }
    if (flags & SHUTDOWN_SEND) {
        connection->guest_sends = false;
    }
    end_guests_direction(connection);
}

static void receive_when_established(
    struct connection *connection, const struct packet_header *header, const struct iovec *payload, unsigned count) {
    switch (header->op) {
    case OP_RW:
        receive_data(connection, payload, count);
        break;
    case OP_SHUTDOWN:
        receive_shutdown(connection, header->flags);
        break;
    case OP_CREDIT_REQUEST:
        add_pending(connection, OP_CREDIT_UPDATE);
        break;
    case OP_CREDIT_UPDATE:
        break;
    default:
        connection_reset(connection);
    }
}

void connection_receive(
    struct connection *connection, const struct packet_header *header, const struct iovec *payload, unsigned count) {
    connection->guest_capacity = header->buf_alloc;
    connection->guest_consumed = header->fwd_cnt;
    if (header->op == OP_RST) {
        forget(connection);
        return;
    }
    switch (connection->state) {
    case REQUESTED:
        if (header->op == OP_RESPONSE) {
            receive_response(connection);
        }
        break;
    case ESTABLISHED:
        receive_when_established(connection, header, payload, count);
        break;
    case CLOSING:
        // Data that was under way is lost, as it is when a process closes a socket. The guest's answer is an RST.
        if (header->op == OP_SHUTDOWN) {
            connection_reset(connection);
        }
        break;
    case AWAITING_COMMAND:
    case RESETTING:
    case GONE:
        break;
    }
}

// ---- packets for the guest -------------------------------------------------------------------------------------------------

static uint32_t credit(const struct connection *connection) {
    uint32_t in_flight = connection->sent - connection->guest_consumed;
    // The guest's figures may be nonsense, or its buffer may have shrunk.
    return in_flight < connection->guest_capacity ? connection->guest_capacity - in_flight : 0;
}

static bool may_read_from_host(const struct connection *connection) {
    return connection->state == ESTABLISHED && connection->host_sends && connection->guest_receives;
}

short connection_poll_events(const struct connection *connection, bool guest_has_buffer) {
    short events = 0;
    if (connection->state == AWAITING_COMMAND) {
        events |= POLLIN;
    }
    if (may_read_from_host(connection) && guest_has_buffer && credit(connection) > 0) {
        events |= POLLIN;
    }
    if (connection->to_host.length > 0) {
        events |= POLLOUT;
    }
    return events;
}

void connection_check_deadline(struct connection *connection, int64_t now) {
    if (connection->deadline_ms > 0 && now >= connection->deadline_ms) {
        connection_reset(connection);
    }
}

static void host_has_closed(struct connection *connection) {
    connection->host_sends = false;
    add_pending(connection, OP_SHUTDOWN);
    if (!connection->half_close) {
        // Neither Firecracker nor a plain close(2) leaves a way to tell which direction ended, so both do.
        connection->state = CLOSING;
        connection->deadline_ms = now_ms() + SHUTDOWN_TIMEOUT_MS;
    } else if (!connection->guest_sends && connection->to_host.length == 0) {
        connection_reset(connection);
    }
}

static void make_header(struct connection *connection, enum packet_op op, struct packet_header *header) {
    header->src_port = connection->host_port;
    header->dst_port = connection->guest_port;
    header->type = PACKET_STREAM;
    header->op = op;
    header->buf_alloc = BYTE_QUEUE_CAPACITY;
    header->fwd_cnt = connection->consumed;
    connection->reported = connection->consumed;
    // Every packet carries our credit.
    take_pending(connection, OP_CREDIT_UPDATE);
}

// Reads from the host's process straight into the guest's buffer. False if there is nothing to read after all.
static bool read_data(struct connection *connection, const struct chain *room, struct packet_header *header) {
    uint32_t limit = credit(connection);
    if (limit > MAX_PAYLOAD) {
        limit = MAX_PAYLOAD;
    }
    struct iovec parts[MAX_PARTS];
    unsigned count = chain_slice(room, sizeof *header, limit, parts);
    if (count == 0) {
        return false;
    }
    ssize_t got = readv(connection->socket, parts, (int)count);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return false;
    }
    if (got < 0) {
        connection_reset(connection);
        return false;
    }
    if (got == 0) {
        host_has_closed(connection);
        return false;
    }
    connection->sent += got;
    if (credit(connection) == 0) {
        // A guest need not report by itself that it has room again.
        add_pending(connection, OP_CREDIT_REQUEST);
    }
    make_header(connection, OP_RW, header);
    header->len = got;
    return true;
}

static bool next_control_packet(struct connection *connection, struct packet_header *header) {
    static const enum packet_op order[] = {OP_REQUEST, OP_RESPONSE, OP_SHUTDOWN, OP_RST, OP_CREDIT_REQUEST, OP_CREDIT_UPDATE};
    for (unsigned i = 0; i < sizeof order / sizeof order[0]; i++) {
        if (!take_pending(connection, order[i])) {
            continue;
        }
        make_header(connection, order[i], header);
        if (order[i] == OP_SHUTDOWN) {
            header->flags = connection->state == CLOSING ? SHUTDOWN_BOTH : SHUTDOWN_SEND;
        } else if (order[i] == OP_RST) {
            connection->state = GONE;
        }
        return true;
    }
    return false;
}

bool connection_next_packet(
    struct connection *connection, bool readable, const struct chain *room, struct packet_header *header) {
    if (next_control_packet(connection, header)) {
        return true;
    }
    if (readable && may_read_from_host(connection)) {
        if (credit(connection) > 0 && read_data(connection, room, header)) {
            return true;
        }
        // Reading may have found the end, which is a packet too.
        return next_control_packet(connection, header);
    }
    return false;
}
