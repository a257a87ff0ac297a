// The backend against a fake guest: what Firecracker's convention says. Runs the hostile guest of hostile.c, too.
//   test PROGRAM    the backend to test; works in a fresh directory below /tmp

#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "byte_queue.h"
#include "fake_guest.h"
#include "hostile.h"

// ---- the host's side -------------------------------------------------------------------------------------------------------

static int host_connect(const char *greeting) {
    int socket_ = host_socket("v.sock", connect);
    CHECK(write(socket_, greeting, strlen(greeting)) == (ssize_t)strlen(greeting));
    return socket_;
}

static void expect_text(int socket_, const char *text) {
    char got[256] = {0};
    CHECK(recv(socket_, got, strlen(text), MSG_WAITALL) == (ssize_t)strlen(text));
    CHECK(strcmp(got, text) == 0);
}

static void expect_end(int socket_) {
    char byte;
    CHECK(recv(socket_, &byte, 1, 0) == 0);
    close(socket_);
}

// ---- the guest's side ------------------------------------------------------------------------------------------------------

static void send_op(struct fake_guest *guest, enum packet_op op, uint32_t host_port) {
    send_packet(guest, packet_of(op, host_port, 0), "");
}

static struct packet expect_op(struct fake_guest *guest, enum packet_op op) {
    struct packet packet = receive_packet(guest);
    CHECK(packet.header.op == op);
    return packet;
}

// The guest connects to the host. Returns the host's socket.
static int open_from_guest(struct fake_guest *guest, int listener) {
    send_op(guest, OP_REQUEST, HOST_PORT);
    expect_op(guest, OP_RESPONSE);
    return accept(listener, NULL, NULL);
}

// ---- the convention --------------------------------------------------------------------------------------------------------

static void closed_port_is_reset(void) {
    struct fake_guest guest = boot(NULL, NULL);
    send_op(&guest, OP_REQUEST, 4711);
    struct packet packet = expect_op(&guest, OP_RST);
    CHECK(packet.header.src_port == 4711 && packet.header.dst_port == GUEST_PORT);
    stop_guest(&guest);
}

static void data_passes_both_ways(void) {
    struct fake_guest guest = boot(NULL, NULL);
    int listener = host_listener("v.sock_2048");
    int host = open_from_guest(&guest, listener);
    send_packet(&guest, packet_of(OP_RW, HOST_PORT, 5), "hello");
    expect_text(host, "hello");
    CHECK(write(host, "world", 5) == 5);
    struct packet packet = expect_op(&guest, OP_RW);
    CHECK(packet.header.len == 5 && memcmp(packet.payload, "world", 5) == 0);
    CHECK(packet.header.fwd_cnt == 5 && packet.header.buf_alloc == BYTE_QUEUE_CAPACITY);
    close(host);
    CHECK(expect_op(&guest, OP_SHUTDOWN).header.flags == SHUTDOWN_BOTH);
    send_op(&guest, OP_RST, HOST_PORT);
    close(listener);
    stop_guest(&guest);
}

static void guests_close_is_end_of_file(void) {
    struct fake_guest guest = boot(NULL, NULL);
    int listener = host_listener("v.sock_2048");
    int host = open_from_guest(&guest, listener);
    send_packet(&guest, packet_of(OP_RW, HOST_PORT, 3), "bye");
    struct packet_header bye = packet_of(OP_SHUTDOWN, HOST_PORT, 0);
    bye.flags = SHUTDOWN_BOTH;
    send_packet(&guest, bye, "");
    expect_op(&guest, OP_RST);
    expect_text(host, "bye");
    expect_end(host);
    close(listener);
    stop_guest(&guest);
}

static void connect_command_reaches_guest(void) {
    struct fake_guest guest = boot(NULL, NULL);
    // In pieces and lower case, with bytes for the guest right behind the line.
    int host = host_connect("conn");
    CHECK(write(host, "ect 77\nearly", 12) == 12);
    struct packet request = expect_op(&guest, OP_REQUEST);
    CHECK(request.header.dst_port == 77);
    send_op(&guest, OP_RESPONSE, request.header.src_port);
    char line[32];
    snprintf(line, sizeof line, "OK %u\n", request.header.src_port);
    expect_text(host, line);
    struct packet packet = expect_op(&guest, OP_RW);
    CHECK(packet.header.len == 5 && memcmp(packet.payload, "early", 5) == 0);
    close(host);
    stop_guest(&guest);
}

static void bad_command_is_end_of_file(void) {
    static const char *const commands[] = {"CONNECT\n", "CONNECT x\n", "CONNECT -1\n", "CONNECT 4294967296\n", "CONNECT 1 2\n",
        "GET / HTTP/1.1\n", "\n", "CONNECT 00000000000000000000000000000000000077\n", "CONNECT 99999999999999999999999\n"};
    struct fake_guest guest = boot(NULL, NULL);
    for (unsigned i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        int host = host_connect(commands[i]);
        char byte;
        // A reset, if the backend has left bytes unread: both are a refusal.
        CHECK(recv(host, &byte, 1, 0) <= 0);
        close(host);
    }
    stop_guest(&guest);
}

static void refusal_of_guest_is_end_of_file(void) {
    struct fake_guest guest = boot(NULL, NULL);
    int host = host_connect("CONNECT 77\n");
    struct packet request = expect_op(&guest, OP_REQUEST);
    send_op(&guest, OP_RST, request.header.src_port);
    expect_end(host);
    stop_guest(&guest);
}

static void silence_of_guest_is_end_of_file_after_two_seconds(void) {
    struct fake_guest guest = boot(NULL, NULL);
    time_t begin = time(NULL);
    int host = host_connect("CONNECT 77\n");
    expect_op(&guest, OP_REQUEST);
    expect_end(host);
    CHECK(time(NULL) - begin >= 1);
    expect_op(&guest, OP_RST);
    stop_guest(&guest);
}

static void credit_is_heeded(void) {
    struct fake_guest guest = boot(NULL, NULL);
    int listener = host_listener("v.sock_2048");
    struct packet_header header = packet_of(OP_REQUEST, HOST_PORT, 0);
    header.buf_alloc = 10;
    send_packet(&guest, header, "");
    expect_op(&guest, OP_RESPONSE);
    int host = accept(listener, NULL, NULL);
    CHECK(write(host, "0123456789abcdef", 16) == 16);
    CHECK(expect_op(&guest, OP_RW).header.len == 10);
    expect_op(&guest, OP_CREDIT_REQUEST);
    header.op = OP_CREDIT_UPDATE;
    header.fwd_cnt = 4;
    send_packet(&guest, header, "");
    CHECK(expect_op(&guest, OP_RW).header.len == 4);
    expect_op(&guest, OP_CREDIT_REQUEST);
    // Figures that cannot be: more consumed than was sent. The rest must wait for sense.
    header.fwd_cnt = 1000;
    send_packet(&guest, header, "");
    header.fwd_cnt = 14;
    send_packet(&guest, header, "");
    CHECK(expect_op(&guest, OP_RW).header.len == 2);
    close(host);
    close(listener);
    stop_guest(&guest);
}

static void ignoring_credit_is_reset(void) {
    struct fake_guest guest = boot(NULL, NULL);
    int listener = host_listener("v.sock_2048");
    int host = open_from_guest(&guest, listener);
    char payload[4000] = {0};
    // The host's process reads nothing; its socket and our queue take some hundred kilobytes.
    bool reset = false;
    for (unsigned sent = 0; !reset; sent++) {
        CHECK(sent < 1000);
        send_packet(&guest, packet_of(OP_RW, HOST_PORT, sizeof payload), payload);
        while (guest.receive.used->index != guest.receive.seen) {
            reset |= receive_packet(&guest).header.op == OP_RST;
        }
    }
    close(host);
    close(listener);
    stop_guest(&guest);
}

static void half_close_only_on_request(void) {
    for (int allowed = 0; allowed <= 1; allowed++) {
        struct fake_guest guest = boot(allowed ? "--half-close" : NULL, NULL);
        int listener = host_listener("v.sock_2048");
        int host = open_from_guest(&guest, listener);
        struct packet_header half = packet_of(OP_SHUTDOWN, HOST_PORT, 0);
        half.flags = SHUTDOWN_SEND;
        send_packet(&guest, half, "");
        struct pollfd found = {.fd = host, .events = POLLIN};
        // The packet was handled when send_packet() returned.
        CHECK(poll(&found, 1, 0) == allowed);
        CHECK(write(host, "on", 2) == 2);
        CHECK(expect_op(&guest, OP_RW).header.len == 2);
        shutdown(host, SHUT_WR);
        expect_op(&guest, allowed ? OP_RST : OP_SHUTDOWN);
        close(host);
        close(listener);
        stop_guest(&guest);
    }
}

static void connections_are_limited(void) {
    struct fake_guest guest = boot("--connections", "2");
    int listener = host_listener("v.sock_2048");
    for (uint32_t port = 1; port <= 3; port++) {
        struct packet_header header = packet_of(OP_REQUEST, HOST_PORT, 0);
        header.src_port = port;
        send_packet(&guest, header, "");
        expect_op(&guest, port <= 2 ? OP_RESPONSE : OP_RST);
    }
    expect_end(host_socket("v.sock", connect));
    close(listener);
    stop_guest(&guest);
}

static void foreign_packets_do_nothing(void) {
    struct fake_guest guest = boot(NULL, NULL);
    int listener = host_listener("v.sock_2048");
    struct packet_header header = packet_of(OP_REQUEST, HOST_PORT, 0);
    header.dst_cid = 4;
    send_packet(&guest, header, "");
    header = packet_of(OP_REQUEST, HOST_PORT, 0);
    header.src_cid = 4;
    send_packet(&guest, header, "");
    // The first answer is to the third packet: of a type that is not known.
    header = packet_of(OP_REQUEST, HOST_PORT, 0);
    header.type = 2;
    send_packet(&guest, header, "");
    CHECK(expect_op(&guest, OP_RST).header.type == 2);
    close(listener);
    stop_guest(&guest);
}

static void answers_wait_for_buffers(void) {
    struct fake_guest guest = start_guest(NULL, NULL);
    enum { ASKED = 200 };
    for (uint32_t port = 0; port < ASKED; port++) {
        send_op(&guest, OP_REQUEST, 10000 + port);
    }
    offer_buffers(&guest);
    for (uint32_t i = 0; i < ASKED; i++) {
        expect_op(&guest, OP_RST);
    }
    stop_guest(&guest);
}

int main(int argc, char **argv) {
    static const struct {
        const char *name;
        void (*run)(void);
    } tests[] = {
#define TEST(name) {#name, name}
        TEST(closed_port_is_reset),
        TEST(data_passes_both_ways),
        TEST(guests_close_is_end_of_file),
        TEST(connect_command_reaches_guest),
        TEST(bad_command_is_end_of_file),
        TEST(refusal_of_guest_is_end_of_file),
        TEST(silence_of_guest_is_end_of_file_after_two_seconds),
        TEST(credit_is_heeded),
        TEST(ignoring_credit_is_reset),
        TEST(half_close_only_on_request),
        TEST(connections_are_limited),
        TEST(foreign_packets_do_nothing),
        TEST(answers_wait_for_buffers),
        TEST(broken_rings_end_the_backend),
        TEST(index_beyond_the_ring_ends_the_backend),
        TEST(small_or_foreign_receive_buffers_end_the_backend),
        TEST(random_rings_do_no_harm),
    };
    char directory[] = "/tmp/hybrid-vsock-test.XXXXXX";
    CHECK(argc == 2 && (backend_program = realpath(argv[1], NULL)) && mkdtemp(directory) && chdir(directory) == 0);
    for (unsigned i = 0; i < sizeof tests / sizeof tests[0]; i++) {
        // A backend that does not end when it should would be waited for.
        alarm(60);
        tests[i].run();
        printf("  ok    %s\n", tests[i].name);
        fflush(stdout);
    }
    unlink("v.sock_2048");
    unlink("backend.log");
    CHECK(chdir("/") == 0 && rmdir(directory) == 0);
    return 0;
}
