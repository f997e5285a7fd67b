/*
 * kinds: what a message may be; numbers and payloads in docs/formats/wire.md,
 * bounds in wire.c.
 */
#ifndef STING_WIRE_KINDS_H
#define STING_WIRE_KINDS_H

enum wire_kind {
    WIRE_FAILED = 1, /* any answer: status | why NUL todo */
    WIRE_DONE,       /* any answer: up to six numbers | bytes */
    WIRE_STOP,       /* any worker: end in order */

    /* camera worker, to it: */
    WIRE_CAMERA_START, /* | settings, lines of key=value */
    /* camera worker, from it: */
    WIRE_CAMERA_STATE,       /* enum camera_state | words why */
    WIRE_CAMERA_INIT,        /* width, height, codec tag, masks, raw | ftyp +
                                moov */
    WIRE_CAMERA_FRAGMENT,    /* pts_us, duration_us, starts with key (0/1),
                                frames, utc_us, by the camera's clock | moof + mdat
                              */
    WIRE_CAMERA_LOOK,        /* pts_us, utc_us, activity 0-255, looks so far,
                                persons, enum news_worth */
    WIRE_CAMERA_OBSERVATION, /* enum incident_kind, enum observation_edge,
                                utc_us, score in thousandths, zone or -1 */
    WIRE_CAMERA_SIGHT,       /* zone or -1, least contrast and least height
                                found, height it holds for, in thousandths;
                                level in tenths of a grey level, pts_us */

    /* picture worker, to it: */
    WIRE_PICTURE_OPEN, /* | photograph, scan, video -> WIRE_DONE sheets |
                          kind NUL taken NUL camera NUL */
    WIRE_PICTURE_LOAD, /* sheet -> WIRE_PICTURE_PLANE */
    WIRE_PDF_OPEN,     /* | PDF -> WIRE_DONE pages */
    WIRE_PDF_PAGE,     /* page | record to follow, or none to plan anew ->
                          WIRE_DONE units | page record */
    WIRE_PDF_RENDER,   /* page, dpi in millionths -> WIRE_PICTURE_PLANE */
    WIRE_PDF_WRITE,    /* | signs of all units -> WIRE_DONE | PDF */
    WIRE_PDF_RULES,    /* the copy written last -> WIRE_DONE */
    WIRE_PDF_FIND,     /* | before NUL value NUL after -> WIRE_DONE found, page,
                          content, glyph, glyphs | text there */
    WIRE_PDF_SWAP,     /* | page, content, glyph, glyphs, bytes (u32 each) and
                          text of each -> WIRE_DONE */
    WIRE_PDF_PACK, /* enum mark_packing of copies from now on -> WIRE_DONE */
    /* picture worker, from it: */
    WIRE_PICTURE_PLANE, /* width_px, height_px, at_us in a video or -1 | grey
                           rows without padding */

    /* core.sock, to the core; each answered by DONE or FAILED: */
    WIRE_CORE_LINE, /* | kind and fields -> DONE seq */
    WIRE_CORE_BLOB, /* | plain bytes to be sealed -> DONE | ct, pt digests */
    WIRE_CORE_SEAL, /* enum writer_seal -> DONE, all is signed */

    /* relay, to it: */
    WIRE_RELAY_START, /* its second port, 0: none | its address, a struct
                         sockaddr */
    /* relay, from it: */
    WIRE_RELAY_STATE, /* errno of the last attempt, 0 when connected; of which
                         port, 0: the address's own, 1: the second */

    /* player worker, to it: */
    WIRE_PLAYER_LOAD,   /* | ftyp + moov; forgets what was loaded -> DONE */
    WIRE_PLAYER_ADD,    /* | more of the recording -> DONE */
    WIRE_PLAYER_STILLS, /* | moments, int64 each -> STILL each, then DONE */
    WIRE_PLAYER_CUT,    /* from_us, to_us, enhance | masks, four doubles each
                           -> WIRE_PLAYER_VIDEO */
    /* player worker, from it: */
    WIRE_PLAYER_STILL, /* index, pts_us | JPEG */
    WIRE_PLAYER_VIDEO, /* frames, from_us, to_us, width, height | MP4 */

    /* net worker, to it: */
    WIRE_NET_POST,  /* id, timeout_ms | address NUL headers, a line each, NUL
                       authorities NUL body */
    WIRE_NET_FETCH, /* id, timeout_ms | address NUL content type NUL authorities
                       NUL body; without a body it is only asked for */
    WIRE_NET_NAME,  /* id | host NUL port NUL -> DONE id | struct sockaddr,
                       or FAILED status, id */
    /* net worker, from it: */
    WIRE_NET_RESULT, /* id, HTTP status or 0, ms | words why, or "" */
    WIRE_NET_ANSWER, /* id, HTTP status or 0, ms | body, or words why */

    /* check worker, to it: */
    WIRE_CHECK_PACK, /* | pack (docs/formats/recheck.md) -> DONE |
                        a JSON line, then words */

    WIRE_CHECK_FOLDER, /* has who asks the identity (0/1); the folder is its
                          input -> WIRE_CHECK_REPORT */
    WIRE_CHECK_BOXES,  /* its input as before -> DONE what is wrong, line, when
                          | name (operation/check_boxes.h) */
    /* check worker, from it: */
    WIRE_CHECK_STATE,  /* lines, recordings, bytes so far */
    WIRE_CHECK_UNWRAP, /* | struct age_wrapped -> DONE | file key */
    WIRE_CHECK_REPORT, /* gaps | struct verify_report, struct verify_gap each */
    WIRE_CHECK_STAMP,  /* see anchor/judge.h */
    WIRE_CHECK_WITNESS, /* the same */

    /* witness worker, to the process that keeps its record: */
    WIRE_WITNESS_ADD, /* see web/witness.h -> DONE or FAILED */

    /* folder worker, to it: */
    WIRE_CHECK_EXHIBIT, /* as check_known.h | fingerprint that is expected, hex,
                           or nothing; NUL; as check_known.h ->
                           DONE | struct check_report of exhibit/ */

    /* core.sock, to the core; before all else: */
    WIRE_CORE_LOOK, /* | SHA-256 of operation.yaml as it was read, hex -> DONE,
                       or FAILED: nothing may be written */
    WIRE_CORE_ACK,  /* | link's word NUL by NUL -> DONE incident */

    /* web worker, to it and from it: docs/formats/wire.md */
    WIRE_WEB_START,
    WIRE_WEB_ANSWER,
    WIRE_WEB_LIVE,
    WIRE_WEB_CUT,
    WIRE_WEB_ASK,
    WIRE_WEB_GONE,
    WIRE_WEB_REFUSED,
    /* camera worker: to it, somebody looks (0, 1); from it, a small piece */
    WIRE_CAMERA_LIVE,
    WIRE_CAMERA_PIECE,

    /* net worker, to it, answered by WIRE_NET_RESULT: docs/formats/wire.md */
    WIRE_NET_MAIL,
    WIRE_NET_MQTT,
    WIRE_NET_SYSLOG,
    WIRE_NET_PROBE,   /* of all of a network: docs/formats/wire.md */
    WIRE_CHECK_ONVIF, /* check worker, to it: watch/onvif.h */
    WIRE_CORE_SHOW,   /* core.sock: enum show, which photograph, n | bytes ->
                         DONE; nobody looks: FAILED */
    /* camera worker, from it: */
    WIRE_CAMERA_PAGE, /* zone, enum page_event_kind, its value, utc_us since
                         when, dots an inch in tenths, pts_us */

    /* player worker, to it: docs/formats/wire.md */
    WIRE_PLAYER_UNSEAL, /* behind what is loaded, sealed bytes | file key, ct,
                           pt; then */
    WIRE_PLAYER_SEALED, /* | some of them; the last one -> WIRE_DONE loaded */
    WIRE_PLAYER_READ,   /* at, most -> WIRE_DONE loaded | bytes */
    /* for browsers that cannot show what the camera sends: */
    WIRE_PLAYER_CONVERT, /* | ftyp + moov of a camera -> WIRE_DONE */
    WIRE_PLAYER_MORE,    /* from_us | moof + mdat -> HEAD once, PIECE each, then
                            WIRE_DONE */
    WIRE_PLAYER_RECODE,  /* from_us -> WIRE_DONE: loaded is now H.264 */
    WIRE_PLAYER_AT,      /* from it, while it cuts: per cent */
    WIRE_PLAYER_HEAD,    /* from it: | ftyp + moov */
    WIRE_PLAYER_PIECE,   /* from it: pts_us, duration_us, starts with key,
                            frames | moof + mdat */
    /* core.sock: what somebody in a browser asks to see */
    WIRE_PLAY_LIST, /* -> WIRE_DONE | a JSON line each */
    WIRE_PLAY_OPEN, /* number, seconds, missing | by NUL, parts -> WIRE_DONE */
    WIRE_PLAY_DENY, /* number | by NUL -> WIRE_DONE */
    WIRE_PLAY_TELL, /* number, enum play_made | by NUL words NUL -> WIRE_DONE */
    /* what a page of a bait looks like (print.h): */
    WIRE_CORE_PRINT,   /* core.sock, to the core: page from 1, width_px,
                          height_px | bait NUL grey rows -> WIRE_DONE */
    WIRE_CAMERA_PRINT, /* camera worker, to it: zones, one bit each, page from
                          1, width_px, height_px | grey rows */
    WIRE_PDF_LETTERS,  /* picture worker, to it: page -> WIRE_DONE glyphs |
                          struct pdf_letter each (pdf/letter.h) */
    /* drill worker, to it: intruders, seed, light, has people (0, 1) | settings
     * as to a camera worker; and from it, then DONE false alarms, quiet us,
     * passes */
    WIRE_DRILL_START,
    WIRE_DRILL_FOOTAGE, /* | struct rehearsal_footage */
    WIRE_DRILL_AT,      /* us of this pass */
    WIRE_DRILL_TRIAL,   /* | struct rehearsal_trial */
    /* later processes add theirs here */
    WIRE_KINDS
};

#endif
