/* Functions as a library of an operator may have them, good and bad; the tests of the exec backend call them. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

extern char **environ;

struct arg {
    void *buf;
    size_t size;
    uint32_t type;
    uint32_t custom_type_id;
    uint8_t owned;
};

struct compact_arg {
    uint32_t type;
    uint32_t size;
    void *buf;
};

/* Reads an INT32 and a FLOAT32_ARRAY, writes their sum and the doubled array. */
int work(struct arg *read, size_t nr_read, struct arg *write, size_t nr_write) {
    if (nr_read != 2 || nr_write != 2 || read[0].type != 5 || read[1].type != 18)
        return EINVAL;
    const float *in = read[1].buf;
    float *out = write[1].buf;
    int sum = *(const int *)read[0].buf;
    for (size_t i = 0; i < read[1].size / sizeof(float); i++) {
        sum += (int)in[i];
        out[i] = 2 * in[i];
    }
    *(int *)write[0].buf = sum;
    return 0;
}

/* The same for libraries made for older headers. */
int compact_work(struct compact_arg *read, size_t nr_read, struct compact_arg *write, size_t nr_write) {
    if (nr_read != 1 || nr_write != 1 || read[0].type != 5 || read[0].size != 4)
        return EINVAL;
    *(int *)write[0].buf = *(const int *)read[0].buf + 1;
    return 0;
}

/* Tells the types and sizes that it sees. */
int describe(struct arg *read, size_t nr_read, struct arg *write, size_t nr_write) {
    uint32_t *out = write[0].buf;
    for (size_t i = 0; i < nr_read; i++) {
        *out++ = read[i].type;
        *out++ = (uint32_t)read[i].size;
        *out++ = read[i].custom_type_id;
    }
    return 0;
}

int nothing(struct arg *read, size_t nr_read, struct arg *write, size_t nr_write) {
    return 0;
}

int seven(struct arg *read, size_t nr_read, struct arg *write, size_t nr_write) {
    return 7;
}

/* Writes less than there is room for. */
int shorter(struct arg *read, size_t nr_read, struct arg *write, size_t nr_write) {
    memcpy(write[0].buf, "ab", 2);
    write[0].size = 2;
    return 0;
}

int claims_more(struct arg *read, size_t nr_read, struct arg *write, size_t nr_write) {
    write[0].size += 1;
    return 0;
}

int other_buffer(struct arg *read, size_t nr_read, struct arg *write, size_t nr_write) {
    write[0].buf = malloc(write[0].size);
    return 0;
}

int no_buffer(struct arg *read, size_t nr_read, struct arg *write, size_t nr_write) {
    write[0].buf = NULL;
    return 0;
}

int overrun(struct arg *read, size_t nr_read, struct arg *write, size_t nr_write) {
    ((char *)write[0].buf)[write[0].size] = 1;
    return 0;
}

int underrun(struct arg *read, size_t nr_read, struct arg *write, size_t nr_write) {
    ((char *)read[0].buf)[-1] = 1;
    return 0;
}

int wild(struct arg *read, size_t nr_read, struct arg *write, size_t nr_write) {
    memset((char *)write[0].buf - (64 << 20), 0x5a, 128 << 20);
    return 0;
}

int crash(struct arg *read, size_t nr_read, struct arg *write, size_t nr_write) {
    *(volatile int *)8 = 1;
    return 0;
}

int aborts(struct arg *read, size_t nr_read, struct arg *write, size_t nr_write) {
    abort();
}

int exits(struct arg *read, size_t nr_read, struct arg *write, size_t nr_write) {
    exit(0);
}

int hang(struct arg *read, size_t nr_read, struct arg *write, size_t nr_write) {
    for (;;)
        pause();
}

int spin(struct arg *read, size_t nr_read, struct arg *write, size_t nr_write) {
    for (volatile long i = 0;; i++)
        ;
}

int stubborn(struct arg *read, size_t nr_read, struct arg *write, size_t nr_write) {
    for (int i = 1; i < 64; i++)
        signal(i, SIG_IGN);
    for (volatile long i = 0;; i++)
        ;
}

int eat(struct arg *read, size_t nr_read, struct arg *write, size_t nr_write) {
    for (;;) {
        char *block = malloc(16 << 20);
        if (block == NULL)
            return ENOMEM;
        memset(block, 1, 16 << 20);
    }
}

int close_all(struct arg *read, size_t nr_read, struct arg *write, size_t nr_write) {
    for (int i = 0; i < 1024; i++)
        close(i);
    return 0;
}

/* Fills every descriptor that it finds with its own bytes. */
int garbage(struct arg *read, size_t nr_read, struct arg *write_, size_t nr_write) {
    char block[4096];
    memset(block, 0x41, sizeof block);
    for (int i = 0; i < 64; i++) {
        int copy = dup(i);
        if (copy >= 0)
            (void)!write(copy, block, sizeof block);
    }
    return 0;
}

int prints(struct arg *read, size_t nr_read, struct arg *write, size_t nr_write) {
    for (int i = 0; i < 10000; i++) {
        printf("a library that talks\n");
        fprintf(stderr, "and complains\n");
    }
    fflush(stdout);
    return 0;
}

static int result(struct arg *write, int value) {
    *(int *)write[0].buf = value < 0 ? errno : 0;
    return 0;
}

int forks(struct arg *read, size_t nr_read, struct arg *write, size_t nr_write) {
    return result(write, fork());
}

int runs(struct arg *read, size_t nr_read, struct arg *write, size_t nr_write) {
    return result(write, execl("/usr/lib/ld-linux.so", "x", NULL));
}

static void *started(void *flag) {
    *(volatile int *)flag = 1;
    return NULL;
}

int threads(struct arg *read, size_t nr_read, struct arg *write, size_t nr_write) {
    pthread_t thread;
    int error = pthread_create(&thread, NULL, started, write[0].buf);
    return error ? error : pthread_join(thread, NULL);
}

int connects(struct arg *read, size_t nr_read, struct arg *write, size_t nr_write) {
    return result(write, socket(AF_INET, SOCK_STREAM, 0));
}

int unix_socket(struct arg *read, size_t nr_read, struct arg *write, size_t nr_write) {
    return result(write, socket(AF_UNIX, SOCK_STREAM, 0));
}

/* AF_VSOCK */
int vsock(struct arg *read, size_t nr_read, struct arg *write, size_t nr_write) {
    return result(write, socket(40, SOCK_STREAM, 0));
}

int traces(struct arg *read, size_t nr_read, struct arg *write, size_t nr_write) {
    return result(write, (int)ptrace(PTRACE_ATTACH, getppid(), 0, 0));
}

int kills(struct arg *read, size_t nr_read, struct arg *write, size_t nr_write) {
    return result(write, kill(getppid(), SIGCONT));
}

int owns(struct arg *read, size_t nr_read, struct arg *write, size_t nr_write) {
    int pipes[2];
    if (pipe(pipes) < 0)
        return errno;
    return result(write, fcntl(pipes[0], F_SETOWN, getppid()));
}

int raises_limit(struct arg *read, size_t nr_read, struct arg *write, size_t nr_write) {
    struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    return result(write, setrlimit(RLIMIT_CPU, &limit));
}

/* Opens what read[0] names and copies from it. */
int opens(struct arg *read_, size_t nr_read, struct arg *write, size_t nr_write) {
    int file = open(read_[0].buf, O_RDONLY);
    if (file >= 0)
        (void)!read(file, write[1].buf, write[1].size);
    return result(write, file);
}

int parents_environment(struct arg *read_, size_t nr_read, struct arg *write, size_t nr_write) {
    char name[64];
    snprintf(name, sizeof name, "/proc/%d/environ", getppid());
    int file = open(name, O_RDONLY);
    if (file < 0)
        return result(write, -1);
    return result(write, (int)read(file, name, 1));
}

int creates(struct arg *read, size_t nr_read, struct arg *write, size_t nr_write) {
    return result(write, open(read[0].buf, O_CREAT | O_WRONLY, 0600));
}

/* Writes the environment, the files in the working directory, and what the open descriptors are, a line each. */
int surroundings(struct arg *read, size_t nr_read, struct arg *write, size_t nr_write) {
    char *out = write[0].buf;
    size_t room = write[0].size, at = 0;
    for (char **variable = environ; *variable; variable++)
        at += snprintf(out + at, room - at, "variable %s\n", *variable);
    DIR *here = opendir(".");
    if (here == NULL)
        return errno;
    for (struct dirent *entry = readdir(here); entry; entry = readdir(here))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            at += snprintf(out + at, room - at, "file %s\n", entry->d_name);
    closedir(here);
    for (int i = 0; i < 1024; i++) {
        char name[64], target[256];
        snprintf(name, sizeof name, "/proc/self/fd/%d", i);
        ssize_t length = readlink(name, target, sizeof target - 1);
        if (length >= 0)
            at += snprintf(out + at, room - at, "descriptor %.*s\n", (int)length, target);
    }
    write[0].size = at;
    return 0;
}

int privileges(struct arg *read_, size_t nr_read, struct arg *write, size_t nr_write) {
    int file = open("/proc/self/status", O_RDONLY);
    if (file < 0)
        return errno;
    write[0].size = (size_t)read(file, write[0].buf, write[0].size);
    return 0;
}

int opens_many(struct arg *read, size_t nr_read, struct arg *write, size_t nr_write) {
    int count = 0;
    while (dup(0) >= 0)
        count++;
    *(int *)write[0].buf = count;
    return 0;
}
