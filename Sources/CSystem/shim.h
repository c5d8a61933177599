// What the program needs of the system and Swift cannot call: functions of integers around a variadic call and a header that is in no module.
#ifndef CSYSTEM_SHIM_H
#define CSYSTEM_SHIM_H

#include <sys/ioctl.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

// Columns of the terminal behind a file descriptor; 0 when it is none or does not know.
static inline int plumbline_terminal_columns(int descriptor) {
  struct winsize size = {0};
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

// Gives memory that was let go back to the system: arrays of `array` bytes and more at once, what lies free at the end of the heap from `heap` bytes on.
// Left alone, the GNU allocator raises both limits with the largest array that was ever let go: columns of millions of scores would stay with
// it. Buffers smaller than `array` are used again without the system clearing them each time.
static inline void plumbline_return_memory_beyond(int heap, int array) {
#ifdef __GLIBC__
  mallopt(M_TRIM_THRESHOLD, heap);
  mallopt(M_MMAP_THRESHOLD, array);
#endif
}

#endif
