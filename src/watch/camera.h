/*
 * camera: one camera's worker. It connects, records as received, looks, and
 * sends WIRE_CAMERA_* to the core. Recording never waits for looking.
 *
 * When the camera cannot be reached, or gives nothing for CAMERA_SILENCE_US,
 * it says so and ends; who started it starts it again.
 */
#ifndef STING_WATCH_CAMERA_H
#define STING_WATCH_CAMERA_H

#define CAMERA_SILENCE_US 4000000

/* Serve until the camera is lost, the clip over, or the channel closed.
 * Gives the process's exit code. */
int camera_worker_serve(int channel);

#endif
