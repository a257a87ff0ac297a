// The virtio-vsock packet header and its constants: Virtual I/O Device (VIRTIO) 1.2, section 5.10.6.
#ifndef PACKET_H
#define PACKET_H

#include <stdint.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "virtio is little-endian, and these structures are used in place"
#endif

enum { HOST_CID = 2 };

enum packet_type { PACKET_STREAM = 1 };

enum packet_op {
    OP_REQUEST = 1,
    OP_RESPONSE = 2,
    OP_RST = 3,
    OP_SHUTDOWN = 4,
    OP_RW = 5,
    OP_CREDIT_UPDATE = 6,
    OP_CREDIT_REQUEST = 7,
};

enum shutdown_flag { SHUTDOWN_RECEIVE = 1, SHUTDOWN_SEND = 2, SHUTDOWN_BOTH = 3 };

struct packet_header {
    uint64_t src_cid;
    uint64_t dst_cid;
    uint32_t src_port;
    uint32_t dst_port;
    uint32_t len;
    uint16_t type;
    uint16_t op;
    uint32_t flags;
    uint32_t buf_alloc;
    uint32_t fwd_cnt;
} __attribute__((packed));

_Static_assert(sizeof(struct packet_header) == 44, "the header has no padding");

#endif
