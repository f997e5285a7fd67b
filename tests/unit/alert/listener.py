# A real HTTP listener: answers 500 so often, then 200; writes one line a
# request: "good" or "bad" (the signature), then the body.
# Usage: listener.py PORT OUT SECRET FAILURES; prints its port when ready.
import hashlib
import hmac
import http.server
import sys

port, out, secret, failures = sys.argv[1:5]
left = int(failures)


class Handler(http.server.BaseHTTPRequestHandler):
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


server = http.server.HTTPServer(("127.0.0.1", int(port)), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
