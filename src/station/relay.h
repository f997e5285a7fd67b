/*
 * relay: joins a camera worker, alone in its own network, to the camera.
 *
 * It copies bytes and parses none. Its input is a socket that listens at the
 * camera's address inside the worker's network; WIRE_RELAY_START tells where
 * the camera really is. Where that names a second port of the same address, a
 * second socket listens at that (WORKER_SECOND_FD). Two connections at most:
 * the stream that is recorded, and one that is looked at.
 */
#ifndef STING_STATION_RELAY_H
#define STING_STATION_RELAY_H

/* Serve until the channel closes. Gives the process's exit code. */
int relay_serve(int channel);

#endif
