"""Cameras that say where their pictures are, as ONVIF devices do: answers to a
question asked of all, and SOAP over HTTP to who knows the password.

Usage: onvif_camera.py ADDRESS [key=value ...]; prints "listening PORT" and
each question; ends with its standard input.

  user= password=   only who knows them is told (WS-Security, digest)
  answer=garbage|dtd|deep|endless|elsewhere   to all what is no good answer
"""
import base64
import hashlib
import http.server
import re
import socket
import struct
import sys
import threading

ADDRESS = sys.argv[1]
OPTION = dict(word.split("=", 1) for word in sys.argv[2:])
ENVELOPE = ('<?xml version="1.0"?><s:Envelope xmlns:s="http://www.w3.org/2003/'
            '05/soap-envelope"><s:Body>%s</s:Body></s:Envelope>')
PROFILE = ('<trt:Profiles token="%s"><tt:Name>%s</tt:Name>'
           '<tt:VideoEncoderConfiguration><tt:Encoding>H264</tt:Encoding>'
           '<tt:Resolution><tt:Width>%d</tt:Width><tt:Height>%d</tt:Height>'
           '</tt:Resolution></tt:VideoEncoderConfiguration></trt:Profiles>')
REFUSAL = ('<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>'
           'ter:NotAuthorized</s:Value></s:Subcode></s:Code></s:Fault>')
ODD = {"garbage": "\0\1<<>>&&& no XML" * 50,
       "dtd": "<!DOCTYPE a [<!ENTITY b '%s'>]><a>&b;</a>" % ("x" * 5000),
       "deep": "<a>" * 4000, "endless": "<a>" + "b" * 15000}


def between(text, name):
    found = re.search(r"<(?:\w+:)?%s\b[^>]*>([^<]*)<" % name, text)
    return found.group(1) if found else ""


def knows(text):
    if "password" not in OPTION:
        return True
    nonce = base64.b64decode(between(text, "Nonce"))
    digest = hashlib.sha1(nonce + between(text, "Created").encode()
                          + OPTION["password"].encode()).digest()
    return (between(text, "Username") == OPTION["user"]
            and base64.b64decode(between(text, "Password")) == digest)


class Device(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, text):
        here = "http://%s:%d" % self.server.server_address
        if "GetCapabilities" in text:
            return "<tt:Media><tt:XAddr>%s/media</tt:XAddr></tt:Media>" % here
        if not knows(text):
            return REFUSAL
        if "GetProfiles" in text:
            return (PROFILE % ("p&amp;0", "main", 1920, 1080)
                    + PROFILE % ("p1", "small", 640, 360))
        token = between(text, "ProfileToken")
        return "<tt:Uri>rtsp://%s:554/%s?a=1&amp;b=2</tt:Uri>" % (
            ADDRESS, {"p&amp;0": "main", "p1": "small"}[token])

    def do_POST(self):
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        print("asked", flush=True)
        body = (ODD.get(OPTION.get("answer")) or ENVELOPE % self.answer(text)
                ).encode()
        self.send_response(400 if b"Fault" in body else 200)
        self.send_header("Content-Type", "application/soap+xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def hear_all(port):
    """What is asked of everybody."""
    heard = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    heard.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    heard.bind(("", 3702))
    heard.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, struct.pack(
        "4s4s", socket.inet_aton("239.255.255.250"),
        socket.inet_aton("127.0.0.1")))
    tell = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    tell.bind((ADDRESS, 0))
    while True:
        question, who = heard.recvfrom(65536)
        if b"Probe" not in question:
            continue
        print("probed", flush=True)
        host = "192.0.2.9" if OPTION.get("answer") == "elsewhere" else ADDRESS
        body = ENVELOPE % (
            "<d:Scopes>onvif://www.onvif.org/name/%s onvif://www.onvif.org/"
            "hardware/T-1</d:Scopes><d:XAddrs>http://%s:%d/device</d:XAddrs>"
            % (OPTION.get("name", "Gate"), host, port))
        for _ in range(2):  # on each of its networks
            tell.sendto(body.encode(), who)


def main():
    server = http.server.ThreadingHTTPServer((ADDRESS, 0), Device)
    port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    threading.Thread(target=hear_all, args=(port,), daemon=True).start()
    print("listening", port, flush=True)
    sys.stdin.read()


main()
