"""Ours: open the group's page, take a place, see the confirmation.

--opt programme=SLUG   which of the programmes of enrolment_world.py
"""

import random
import time

from adapters.signed_in import TOKEN, browser, come, left, patiently

LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


def group_count(ctx):
    return len(ctx["data"]["groups"][ctx["programme"]])


async def journey(c, ctx, i, pick):
    browser(c, ctx, i)
    await come(ctx, i)
    came, path = time.perf_counter(), ctx["data"]["groups"][ctx["programme"]][pick(i)]
    if ctx.get("only") != "press":
        page = await patiently(c, lambda: c.get(path.removesuffix("take/"), key="detail"))
        if page.status != 200:
            return f"error {page.status}"
    sent = {"key": "".join(random.choices(LETTERS, k=16)), "csrfmiddlewaretoken": TOKEN}
    answer = await patiently(c, lambda: c.post(path, sent, key="post", follow=False))
    if answer.status == 302:
        where = answer.header("location")
        answer = await patiently(c, lambda: c.get(where, key="confirmation"))
        left(c, came)
        return "ok" if answer.status == 200 else f"error {answer.status}"
    left(c, came)
    return "full" if answer.status == 409 else f"error {answer.status}"
