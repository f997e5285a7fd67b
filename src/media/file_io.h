/*
 * file_io: FFmpeg reads from an open descriptor, for processes that may open
 * nothing themselves. Only media/ includes this.
 */
#ifndef STING_MEDIA_FILE_IO_H
#define STING_MEDIA_FILE_IO_H

#include <libavformat/avformat.h>

/* An AVIOContext over *fd (borrowed, as is its place); NULL without memory.
 * Freed by memory_io_free. */
AVIOContext *file_io_new(int *fd);

#endif
