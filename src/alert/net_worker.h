/*
 * net_worker: the only process that speaks to the network beside cameras.
 *
 * It holds no key: what it posts comes finished and signed, and of secrets it
 * gets those of its own channels' logins, with each message.
 * WIRE_NET_POST: id, timeout_ms | address NUL header lines NUL authorities NUL
 * body. Redirects are not followed; of the answer only its status is taken.
 * WIRE_NET_MAIL, WIRE_NET_MQTT, WIRE_NET_SYSLOG: wire.h.
 * Authorities (PEM) are the only ones trusted; "" leaves the system's.
 * WIRE_NET_FETCH: id, timeout_ms | address NUL content type NUL authorities
 * NUL body. The same, and the answer's body is given back, up to 256 KiB, as
 * WIRE_NET_ANSWER; without a body of ours it is a GET.
 * WIRE_NET_PROBE: id, ms | our address or "" NUL datagram: asked of all of the
 * network (cameras); what comes back is handed on unread. It takes as long.
 * WIRE_NET_NAME: id | host NUL port NUL -> DONE with id | struct sockaddr,
 * or FAILED with status, id.
 */
#ifndef STING_ALERT_NET_WORKER_H
#define STING_ALERT_NET_WORKER_H

/* The worker's side: serve until the channel closes. */
int net_worker_serve(int channel);

#endif
