"""A process that has everything ready and forks workers from it, so that a worker can be killed and begin anew at once.

Started as `python -m tests.deadlines.nursery URL SMTP_PORT`. Each line that it reads makes a worker, whose number it
writes: `on` works until it is killed, `off` ends when nothing is left to do. `wait NUMBER` waits for one to end.
"""

import os
import random
import sys
import time
from datetime import timedelta
from email.headerregistry import Address

import structlog

from wijkteam.assembly import House, build_house
from wijkteam.deadlines.worker import do_due_work
from wijkteam.messages.posting import Relay
from wijkteam.messages.sending import Post, do_post_round
from wijkteam.messages.writing import Sender
from wijkteam.storage.database import connect

LEASE = timedelta(seconds=1)
MOST_AT_ONCE = 6
MAIL_FIRST = 0.4
"""How many begin with the mail, so that they are killed on that too."""
SECONDS_BETWEEN_ROUNDS = 0.005


def work(house: House, post: Post, goes_on: bool) -> None:
    """A worker as it is, but that its rounds are short, so that mail goes in between, and follow at once."""
    house.database.dispose(close=False)
    random.seed()
    if random.random() < MAIL_FIRST:
        first = house.work()
        do_post_round(first, post)
        first.session.close()
    while True:
        opened = house.work()
        few = iter(range(random.randint(1, MOST_AT_ONCE)))
        worked = do_due_work(opened, lambda few=few: next(few, None) is None, random.randint(1, MOST_AT_ONCE))
        sent = do_post_round(opened, post)
        opened.session.close()
        if not goes_on and not worked.done and not sent.done:
            return
        if not worked.done:
            time.sleep(SECONDS_BETWEEN_ROUNDS)


def main(url: str, port: int) -> None:
    """Read what to do until the input ends."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    house = build_house(connect(url))
    sender = Sender(Address(addr_spec="wijkteam@voorbeeldstad.example"), "https://wijkteam.example", "Voorbeeldstad")
    post = Post(Relay("127.0.0.1", port, "none"), sender, lease=LEASE)
    opened = house.work()
    steps = iter(range(10))
    do_due_work(opened, lambda: next(steps, None) is None, 1)
    opened.session.close()
    house.database.dispose()
    print("ready", flush=True)
    for line in sys.stdin:
        word, _, number = line.strip().partition(" ")
        if word == "wait":
            _, status = os.waitpid(int(number), 0)
            print(status, flush=True)
            continue
        child = os.fork()
        if child == 0:
            status = 1
            try:
                work(house, post, word == "on")
                status = 0
            finally:
                os._exit(status)
        print(child, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
