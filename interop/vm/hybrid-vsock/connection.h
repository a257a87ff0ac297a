// One stream between a port of the guest and a Unix socket on the host: its states, its credit, and the bytes under way.
#ifndef CONNECTION_H
#define CONNECTION_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/uio.h>

#include "byte_queue.h"
#include "packet.h"
#include "virtqueue.h"

enum {
    // "CONNECT 4294967295\r\n" and some room; Firecracker reads no more either.
    MAX_COMMAND = 32,
    // Firecracker's times: for the guest to answer a request, and to let go of a connection that the host has closed.
    REQUEST_TIMEOUT_MS = 2000,
    SHUTDOWN_TIMEOUT_MS = 2000,
};

enum connection_state {
    // A host process has connected and still has to say "CONNECT <port>".
    AWAITING_COMMAND,
    // The guest was asked, and has not answered.
    REQUESTED,
    ESTABLISHED,
    // The host's end is gone, and the guest was told so.
    CLOSING,
    // Only the RST to the guest remains to be sent.
    RESETTING,
    // Nothing remains; the owner frees it.
    GONE,
};

struct connection {
    enum connection_state state;
    bool half_close;
    int socket;
    uint32_t host_port;
    uint32_t guest_port;
    // When the current state has lasted too long, in the time of now_ms(); 0 for never.
    int64_t deadline_ms;

    // Control packets that the guest must get, as a set of 1 << op. Being a set it is bounded, whatever the guest does.
    uint32_t pending;
    bool host_sends;
    bool guest_sends;
    bool guest_receives;

    // Credit from the guest: how much it can hold, how much of it it has consumed, how much we have sent.
    uint32_t guest_capacity;
    uint32_t guest_consumed;
    uint32_t sent;
    // Credit to the guest: how much the host's process took, and what the guest was last told about that.
    uint32_t consumed;
    uint32_t reported;

    struct byte_queue to_host;
    char command[MAX_COMMAND + 1];
    unsigned command_length;
};

int64_t now_ms(void);

// A host process connected; takes the socket.
struct connection *connection_from_host(int socket, bool half_close);

// The guest's request was answered by a host socket; takes the socket.
struct connection *connection_from_guest(int socket, bool half_close, const struct packet_header *request);

void connection_free(struct connection *connection);

// Reads what has arrived of the command. True when it is complete: the guest's port is known, and the host's port must be set.
bool connection_read_command(struct connection *connection);

// Asks the guest, from `host_port`.
void connection_request(struct connection *connection, uint32_t host_port);

// Handles a packet of the guest. `payload` are its bytes.
void connection_receive(
    struct connection *connection, const struct packet_header *header, const struct iovec *payload, unsigned count);

// The poll(2) events that can be acted upon, with a buffer of the guest at hand or not.
short connection_poll_events(const struct connection *connection, bool guest_has_buffer);

// Sends on to the host's process what is queued for it.
void connection_flush(struct connection *connection);

// Ends it with an RST to the guest, if the guest knows of it.
void connection_reset(struct connection *connection);

void connection_check_deadline(struct connection *connection, int64_t now);

// Makes the next packet for the guest: a pending control packet, or data if `readable`. The payload goes into `room` behind
// the header's place; header->len says how much. False if there is nothing to send.
bool connection_next_packet(
    struct connection *connection, bool readable, const struct chain *room, struct packet_header *header);

#endif
