"""The floor with a session: open the group's page, press."""

import time

from adapters.floor import audit, group_count, prepare
from adapters.signed_in import TOKEN, browser, come, left

__all__ = ["audit", "group_count", "journey", "prepare"]


async def journey(c, ctx, i, pick):
    browser(c, ctx, i)
    await come(ctx, i)
    came, group = time.perf_counter(), pick(i) + 1
    if ctx.get("only") != "press":
        page = await c.get(f"/g/{group}", key="detail")
        if page.status != 200:
            return f"error {page.status}"
    sent = {"user": f"t{i}", "csrfmiddlewaretoken": TOKEN}
    answer = await c.post(f"/g/{group}/enrol", sent, key="post")
    left(c, came)
    if answer.status == 201:
        return "ok"
    return "full" if answer.status == 409 and answer.body == b"full" else f"error {answer.status}"
