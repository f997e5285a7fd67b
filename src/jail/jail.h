/*
 * jail: the locks themselves, each one call deep. worker.c decides which.
 *
 * Source: seccomp(2) by libseccomp; landlock(7), by its system calls, since
 * Debian 12's headers end before its port rules.
 * Each gives E_UNSUPPORTED where the kernel lacks it, E_IO where it has it
 * and refused.
 */
#ifndef STING_JAIL_JAIL_H
#define STING_JAIL_JAIL_H

#include "jail/jail_table.h"

/* Memory, processor time, descriptors; no core dumps, no files written. */
STING_MUST_USE enum sting_status jail_limits(const struct jail_row *row);

/* Root becomes nobody, or the owner of the folder that is to be read; all
 * capabilities go. */
STING_MUST_USE enum sting_status jail_privileges(const struct jail_row *row);

#define JAIL_PORTS 2

/* Files: only row->path and the folder, to read. TCP: only these ports (0:
 * none), no listening; *has_ports says whether this kernel can hold the
 * latter. */
STING_MUST_USE enum sting_status jail_landlock(const struct jail_row *row,
                                               const uint16_t port[JAIL_PORTS],
                                               bool *has_ports);

/* Any call that is not in the row's groups kills the process. */
STING_MUST_USE enum sting_status jail_seccomp(const struct jail_row *row);

#endif
