/* Loaded before the C library (LD_PRELOAD), it counts what a process does to the files below one folder, and fails
   the n-th act, or kills the process right before it. Everything else goes through untouched.

   DISK_BELOW (the folder) and DISK_FULL_WHILE (a path that exists while there is no room) do it to a program that knows
   nothing of this; a test calls `disk_fails`, `disk_kills`, `disk_heals` and `disk_seen`. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WRITES = 1, SYNCS = 2, MOVES = 4, SAYS = 8 };

static char below[PATH_MAX];
static const char *full_while;
static int counted = 0, fails_with = 0, lasts = 0, kills = 0, port = 0, writing = 0;
static long at = 0, seen = 0;

static void count(const char *folder, int kinds, long n) {
  strncpy(below, folder, sizeof below - 1);
  counted = kinds, at = n, seen = 0, kills = 0, port = 0;
}

__attribute__((constructor)) static void begin(void) {
  const char *folder = getenv("DISK_BELOW");
  full_while = getenv("DISK_FULL_WHILE");
  if (folder != NULL) strncpy(below, folder, sizeof below - 1);
  if (full_while != NULL) counted = WRITES | SYNCS;
}

/* From now on the `n`-th act of these kinds fails (0: none), and where it `lasting` all after it. */
void disk_fails(const char *folder, int kinds, long n, int error, int lasting) {
  count(folder, kinds, n);
  fails_with = error, lasts = lasting;
}

/* The process dies before the `n`-th step (0: never), which is a sync, a rename, a removal, a word said to the server at
   `spoken_to`, or the first of some writes in a row: what was written outlives a process without a sync. */
void disk_kills(const char *folder, long n, int spoken_to) {
  count(folder, WRITES | SYNCS | MOVES, n);
  kills = 1, port = spoken_to;
}

/* All is well again. */
void disk_heals(void) { at = 0; }

/* How many acts there were. */
long disk_seen(void) { return seen; }

static int is_below(int fd) {
  char name[64], path[PATH_MAX];
  snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
  ssize_t size = readlink(name, path, sizeof path - 1);
  if (size < 0) return 0;
  path[size] = 0;
  return below[0] && strncmp(path, below, strlen(below)) == 0;
}

/* Counts one act; 1: it is to fail, and errno says why. */
static int meets(int kind) {
  int kept = errno, follows = kills && writing && kind == WRITES;
  writing = kind == WRITES;
  if (follows) return 0;
  if (full_while != NULL) {
    int full = access(full_while, F_OK) == 0;
    errno = full ? ENOSPC : kept;
    return full;
  }
  long now = __atomic_add_fetch(&seen, 1, __ATOMIC_SEQ_CST);
  if (at == 0 || (now != at && !(lasts && now > at))) return 0;
  if (kills) kill(getpid(), SIGKILL);
  errno = fails_with;
  return 1;
}

static int is_server(int fd) {
  struct sockaddr_in peer;
  socklen_t size = sizeof peer;
  return port && getpeername(fd, (struct sockaddr *)&peer, &size) == 0 && ntohs(peer.sin_port) == port;
}

static int hit(int kind, int fd) { return (counted & kind) && is_below(fd) && meets(kind); }

static int hit_path(const char *path) {
  return (counted & MOVES) && below[0] && strncmp(path, below, strlen(below)) == 0 && meets(MOVES);
}

#define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *data, size_t size) {
  REAL(write);
  return hit(WRITES, fd) ? -1 : real(fd, data, size);
}
ssize_t writev(int fd, const struct iovec *data, int count) {
  REAL(writev);
  return hit(WRITES, fd) ? -1 : real(fd, data, count);
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t from) {
  REAL(pwrite);
  return hit(WRITES, fd) ? -1 : real(fd, data, size, from);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t from) {
  REAL(pwrite64);
  return hit(WRITES, fd) ? -1 : real(fd, data, size, from);
}
int ftruncate(int fd, off_t size) {
  REAL(ftruncate);
  return hit(WRITES, fd) ? -1 : real(fd, size);
}
int ftruncate64(int fd, off64_t size) {
  REAL(ftruncate64);
  return hit(WRITES, fd) ? -1 : real(fd, size);
}
int fsync(int fd) {
  REAL(fsync);
  return hit(SYNCS, fd) ? -1 : real(fd);
}
int fdatasync(int fd) {
  REAL(fdatasync);
  return hit(SYNCS, fd) ? -1 : real(fd);
}
int rename(const char *from, const char *to) {
  REAL(rename);
  return hit_path(to) ? -1 : real(from, to);
}
int unlink(const char *path) {
  REAL(unlink);
  return hit_path(path) ? -1 : real(path);
}
ssize_t send(int fd, const void *data, size_t size, int flags) {
  REAL(send);
  return is_server(fd) && meets(SAYS) ? -1 : real(fd, data, size, flags);
}
