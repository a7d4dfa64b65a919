"""What both adapters of ours share: the browser of somebody who has signed in before the rush.

--opt spread=S     the people come one after the other within S seconds
--opt only=press   they have the page open already and only press
"""

import asyncio
import time

TOKEN = "a" * 32  # any secret will do, where the cookie and the form hold the same


def browser(c, ctx, i):
    """Somebody's cookies."""
    c.cookies[ctx["data"]["cookie"]] = ctx["data"]["sessions"][i]
    c.cookies["csrftoken"] = TOKEN


async def come(ctx, i):
    """Wait for one's moment."""
    if "spread" in ctx:
        await asyncio.sleep(float(ctx["spread"]) * (i - int(ctx.get("from", 0))) / int(ctx["people"]))


async def patiently(c, ask):
    """Ask; whoever is asked to come back does, like a person who is told to wait."""
    for _time in range(20):
        answer = await ask()
        if answer.status != 503 or not answer.header("retry-after"):
            break
        c.stats.count("came_back")
        await asyncio.sleep(1)
    return answer


def left(c, came):
    """How long it took from coming to knowing."""
    c.stats.add("person", time.perf_counter() - came)
