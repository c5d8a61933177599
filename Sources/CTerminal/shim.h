// The width of a terminal. ioctl is variadic and takes a pointer, which Swift cannot call safely; this takes and returns integers.
#ifndef CTERMINAL_SHIM_H
#define CTERMINAL_SHIM_H

#include <sys/ioctl.h>

// Columns of the terminal behind a file descriptor; 0 when it is none or does not know.
static inline int plumbline_terminal_columns(int descriptor) {
  struct winsize size = {0};
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

#endif
