// A VMM and a guest's driver in one, for the test: it shares memory with the backend and puts packets on its queues, good ones
// and bad ones. Every failure ends the test with a line that says where.
#ifndef FAKE_GUEST_H
#define FAKE_GUEST_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "packet.h"

#define CHECK(condition)                                                                  \
    do {                                                                                  \
        if (!(condition)) {                                                               \
            fprintf(stderr, "%s:%d: %s: not so: %s\n", __FILE__, __LINE__, __func__, #condition); \
            exit(1);                                                                      \
        }                                                                                 \
    } while (0)

enum {
    GUEST_CID = 3,
    RING_SIZE = 64,
    BUFFER_SIZE = 4096,
    MEMORY_SIZE = 1 << 20,
    WAIT_MS = 10000,
    GUEST_PORT = 77,
    HOST_PORT = 2048,
    PLENTY = 1 << 20,
};

static const uint64_t MEMORY_ADDRESS = 0x100000;

struct descriptor {
    uint64_t address;
    uint32_t length;
    uint16_t flags;
    uint16_t next;
};

enum { NEXT = 1, DEVICE_WRITES = 2, INDIRECT = 4 };

struct available_ring {
    uint16_t flags;
    uint16_t index;
    uint16_t entries[RING_SIZE];
};

struct used_ring {
    uint16_t flags;
    uint16_t index;
    struct {
        uint32_t head;
        uint32_t written;
    } entries[RING_SIZE];
};

struct fake_queue {
    struct descriptor *descriptors;
    struct available_ring *available;
    struct used_ring *used;
    uint16_t seen;
    int kick;
    int call;
};

struct fake_guest {
    pid_t backend;
    int vmm;
    uint8_t *memory;
    struct fake_queue receive;
    struct fake_queue transmit;
    struct fake_queue event;
};

struct packet {
    struct packet_header header;
    char payload[BUFFER_SIZE];
};

// The backend under test.
extern const char *backend_program;

// Starts the backend with one more option, or NULL, and sets up the queues. The receive queue has no buffers yet.
struct fake_guest start_guest(const char *option, const char *value);

// The same, with buffers.
struct fake_guest boot(const char *option, const char *value);

// Powers the guest off; the backend must end with status 0.
void stop_guest(struct fake_guest *guest);

// Waits for the backend to end by itself. Returns its exit status; a signal or a sanitizer's report fails the test.
int wait_for_backend(struct fake_guest *guest);

// Lets the backend have all buffers of the receive queue.
void offer_buffers(struct fake_guest *guest);

// From the guest's GUEST_PORT; with credit for PLENTY.
struct packet_header packet_of(enum packet_op op, uint32_t host_port, uint32_t length);

// Sends a packet and waits until the backend has taken it.
void send_packet(struct fake_guest *guest, struct packet_header header, const char *payload);

// Waits for the next packet, and gives its buffer back.
struct packet receive_packet(struct fake_guest *guest);

// Puts a chain onto the ring of a queue, as a driver without manners would; does not wait.
void offer_chain(struct fake_queue *queue, uint16_t head);

// A Unix socket on the host, bound or connected to `path` as `act` says; reading from it ends after WAIT_MS.
int host_socket(const char *path, int (*act)(int, const struct sockaddr *, socklen_t));

int host_listener(const char *path);

// Where a guest address is in this process.
void *at(struct fake_guest *guest, uint64_t address);

#endif
