"""Ids: for any number of threads at once."""

from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from agentdesk.engine import clock


def test_agents_and_the_engine_draw_ids_at_the_same_time():
    """What draws inside an answer that is being written, and beside it, is two threads."""
    ids = clock.fresh_ids()
    with ThreadPoolExecutor(4) as pool:
        drawn = [each for some in pool.map(lambda _: list(islice(ids, 3000)), range(4)) for each in some]
    assert len(set(drawn)) == 12_000
