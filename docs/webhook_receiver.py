"""Receives Stemwatch's webhooks: STEMWATCH_HOOK_KEYS="whsec_..." python webhook_receiver.py PORT CURSOR_FILE"""

import base64, hmac, json, os, subprocess, sys, time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

KEYS = [base64.b64decode(key.removeprefix("whsec_")) for key in os.environ["STEMWATCH_HOOK_KEYS"].split()]
CURSOR, SEEN = Path(sys.argv[2]), {}  # what was taken: webhook-id -> its last time stamp


def take(cursor, what):  # your work goes here; it may see a change again
    print(json.dumps(what), flush=True)
    CURSOR.write_text(str(max(cursor, int(CURSOR.read_text()))))


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        name, at, given = (self.headers[f"webhook-{header}"] or "" for header in ("id", "timestamp", "signature"))
        ours = [base64.b64encode(hmac.digest(key, f"{name}.{at}.".encode() + body, "sha256")) for key in KEYS]
        signed = any(hmac.compare_digest(b"v1," + our, one.encode()) for our in ours for one in given.split())
        fresh = signed and abs(time.time() - int(at)) <= 300 and SEEN.get(name, "") < at
        if fresh and name not in SEEN:  # else it is a new try of what was taken before: accept it, and do nothing
            take(json.loads(body)["cursor"], json.loads(body))
        SEEN.update({name: at} if fresh else {})
        self.send_response(204 if fresh else 400), self.end_headers()


server = HTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver)
CURSOR.exists() or CURSOR.write_text("0")
missed = ["stemwatch", "changes", "--json", "--since", CURSOR.read_text()]  # what happened while nobody listened
for line in subprocess.run(missed, stdout=subprocess.PIPE, check=True).stdout.splitlines():
    take(json.loads(line)["change"], json.loads(line))
server.serve_forever()
