# A real HTTP listener: answers 500 so often, then 200; writes one line a
# request: "good" or "bad" (the signature), then the body.
# Usage: listener.py PORT OUT SECRET FAILURES [TLS-FOLDER]; prints its port
# when ready. With a folder it speaks TLS, as 127.0.0.1 by a certificate of an
# authority made there: FOLDER/ca.pem; FOLDER/other.pem is one that did not
# sign it.
import hashlib
import hmac
import http.server
import ssl
import subprocess
import sys

port, out, secret, failures = sys.argv[1:5]
folder = sys.argv[5] if len(sys.argv) > 5 else None
left = int(failures)


def openssl(*words):
    subprocess.run(["openssl", *words], check=True, capture_output=True,
                   cwd=folder)


def authority(name):
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt",
            "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
            "/CN=garden " + name, "-keyout", name + ".key",
            "-out", name + ".pem")


def speak_tls(server):
    authority("ca")
    authority("other")
    with open(folder + "/names", "w") as file:
        file.write("subjectAltName=IP:127.0.0.1\n")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-subj", "/CN=shed", "-keyout", "shed.key",
            "-out", "shed.req")
    openssl("x509", "-req", "-in", "shed.req", "-CA", "ca.pem", "-CAkey",
            "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names",
            "-out", "shed.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder + "/shed.pem", folder + "/shed.key")
    server.socket = context.wrap_socket(server.socket, server_side=True,
                                        do_handshake_on_connect=False)


class Handler(http.server.BaseHTTPRequestHandler):
    timeout = 5  # a handshake that was broken off keeps nobody waiting

    def do_POST(self):
        global left
        body = self.rfile.read(int(self.headers["Content-Length"]))
        want = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        good = (self.headers.get("X-Sting-Signature") == "sha256=" + want
                and self.headers["Content-Type"] == "application/json")
        with open(out, "a") as file:
            file.write(("good " if good else "bad ") + body.decode())
        self.send_response(500 if left > 0 else 200)
        self.end_headers()
        left -= 1

    def log_message(self, *words):
        pass


class Server(http.server.HTTPServer):
    def handle_error(self, *words):
        pass


server = Server(("127.0.0.1", int(port)), Handler)
if folder:
    speak_tls(server)
print(server.server_address[1], flush=True)
server.serve_forever()
