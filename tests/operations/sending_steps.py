"""Programs that keep sending steps to whichever host answers, each step under a number, until it is acknowledged.

Run on a host of its own: python sending_steps.py ORDERS.json. It stops when the file `stop` of its orders is there, and
when everything that it sent was acknowledged; then it writes what was, by case.
"""

import http.client
import json
import sys
import threading
import time
import uuid
from pathlib import Path
from typing import Any

TIMEOUT = 8
BREATH = 0.2


class Sender(threading.Thread):
    """Sends steps of one case."""

    def __init__(self, orders: dict[str, Any], case: str, token: str) -> None:
        super().__init__()
        self.orders, self.case, self.token = orders, case, token
        self.hosts: list[str] = list(orders["hosts"])
        self.acknowledged: list[str] = []
        self.replayed = self.failed = 0
        self.tag = ""

    def run(self) -> None:
        """One step after another."""
        number = 0
        while not Path(self.orders["stop"]).exists():
            number += 1
            self.send(str(uuid.uuid4()), f"stap {number}")
            time.sleep(BREATH)

    def send(self, key: str, words: str) -> None:
        """The same step until it is acknowledged."""
        while True:
            try:
                if not self.tag:
                    self.tag = self.ask("GET", f"/api/v1/cases/{self.case}", {}, None)[1]
                headers = {"If-Match": self.tag, "Idempotency-Key": key}
                status, tag, again = self.ask(
                    "POST", f"/api/v1/cases/{self.case}/steps/add_note", headers, {"note": words}
                )
            except (OSError, http.client.HTTPException):
                status, tag, again = 0, "", False
            self.tag = tag
            if 200 <= status < 300:
                self.acknowledged.append(key)
                self.replayed += again
                return
            self.failed += 1
            self.hosts.append(self.hosts.pop(0))
            time.sleep(BREATH)

    def ask(self, method: str, path: str, headers: dict[str, str], body: Any) -> tuple[int, str, bool]:
        """Status, version and whether it had been done before."""
        connection = http.client.HTTPConnection(self.hosts[0], 8080, timeout=TIMEOUT)
        try:
            given = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", **headers}
            connection.request(method, path, json.dumps(body) if body is not None else None, given)
            answer = connection.getresponse()
            answer.read()
            tag = answer.getheader("ETag", "") if answer.status < 300 else ""
            return answer.status, tag, answer.getheader("Idempotency-Replayed") is not None
        finally:
            connection.close()


def read_on(orders: dict[str, Any], seen: dict[str, int]) -> None:
    """Ask the second host for my work again and again, and count what it says."""
    while not Path(orders["stop"]).exists():
        try:
            connection = http.client.HTTPConnection(orders["hosts"][-1], 8080, timeout=20)
            connection.request("GET", "/", headers={"Cookie": f"session={orders['cookie']}"})
            answer = connection.getresponse()
            page = answer.read().decode()
            told = str(answer.status) + (" only reading" if "U kunt nu alleen lezen." in page else "")
            connection.close()
        except (OSError, http.client.HTTPException) as error:
            told = type(error).__name__
        seen[told] = seen.get(told, 0) + 1
        Path(orders["seen"]).write_text(json.dumps(seen))
        time.sleep(BREATH)


def main() -> None:
    """Everybody at once."""
    orders = json.loads(Path(sys.argv[1]).read_text())
    seen: dict[str, int] = {}
    senders = [Sender(orders, case, token) for case, token in orders["cases"].items()]
    reader = threading.Thread(target=read_on, args=(orders, seen))
    for each in (*senders, reader):
        each.start()
    while any(each.is_alive() for each in senders):
        Path(orders["progress"]).write_text(json.dumps({each.case: len(each.acknowledged) for each in senders}))
        time.sleep(BREATH)
    reader.join()
    told = {
        each.case: {"keys": each.acknowledged, "replayed": each.replayed, "failed": each.failed} for each in senders
    }
    Path(orders["told"]).write_text(json.dumps(told))


if __name__ == "__main__":
    main()
