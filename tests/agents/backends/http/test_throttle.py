"""Calls pass in order, fewer at a time after a complaint, and more again after answers."""

import asyncio
import random

from hypothesis import given
from hypothesis import strategies as st

from agents.backends.http.throttle import Throttle


def test_no_more_than_the_most_run_and_all_get_through_in_order() -> None:
    async def main() -> tuple[int, list[int]]:
        throttle = Throttle(3)
        running = peak = 0
        order = []

        async def call(number: int) -> None:
            nonlocal running, peak
            await throttle.enter()
            order.append(number)
            running += 1
            peak = max(peak, running)
            await asyncio.sleep(0)
            running -= 1
            throttle.leave()

        await asyncio.gather(*(call(number) for number in range(20)))
        return peak, order

    assert asyncio.run(main()) == (3, list(range(20)))


def test_a_complaint_stops_all_for_a_while_and_halves_what_may_run() -> None:
    async def main() -> tuple[float, int, int]:
        throttle = Throttle(8)
        tickets = [await throttle.enter() for _ in range(8)]
        loop = asyncio.get_running_loop()
        began = loop.time()
        for ticket in tickets:  # eight complaints about the same rush are one
            throttle.slow_down(ticket, 0.03)
            throttle.leave()
        halved = throttle.limit
        ticket = await throttle.enter()
        waited = loop.time() - began
        throttle.slow_down(ticket, 0.0)  # alone, and still too many: one is the least
        throttle.leave()
        return waited, halved, throttle.limit

    waited, halved, least = asyncio.run(main())
    assert waited >= 0.029
    assert (halved, least) == (4, 1)


def test_answers_let_it_grow_again_by_one_a_round_up_to_the_most() -> None:
    async def main() -> list[int]:
        throttle = Throttle(4)
        for _ in range(4):
            ticket = await throttle.enter()
        throttle.slow_down(ticket, 0.0)
        limits = [throttle.limit]
        for _ in range(12):
            throttle.speed_up()
            limits.append(throttle.limit)
        return limits

    limits = asyncio.run(main())
    assert limits[0] == 2
    assert limits[-1] == 4
    assert limits == sorted(limits)
    assert limits.index(3) == 3  # two answers make not quite a round, since 1/2 + 1/2.5 < 1


@given(st.integers(0, 2**32 - 1), st.integers(1, 5))
def test_cancelled_calls_leave_no_place_taken(seed: int, most: int) -> None:
    async def main() -> int:
        choice = random.Random(seed)
        throttle = Throttle(most)

        async def call() -> None:
            ticket = await throttle.enter()
            try:
                await asyncio.sleep(0)
                if choice.random() < 0.3:
                    throttle.slow_down(ticket, 0.0)
                else:
                    throttle.speed_up()
            finally:
                throttle.leave()

        tasks = [asyncio.create_task(call()) for _ in range(30)]
        for _ in range(20):
            await asyncio.sleep(0)
            choice.choice(tasks).cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)
        # Whatever was cancelled when: as many as may run still can.
        for _ in range(throttle.limit):
            await asyncio.wait_for(throttle.enter(), 1)
        return throttle.limit

    assert 1 <= asyncio.run(main()) <= most
