/*
 * start: OpenSSL without its configuration file, for workers that may open
 * none.
 */
#ifndef STING_CRYPT_START_H
#define STING_CRYPT_START_H

/* Before anything else of this room; later calls do nothing. Cannot fail. */
void crypt_start(void);

#endif
