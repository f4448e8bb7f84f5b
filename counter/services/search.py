"""One box finds anything: the readings of the text are tried in order until there are enough accounts."""

from __future__ import annotations

from sqlalchemy import Connection

from counter.domain.query import recognise
from counter.services.ports import MatchRank, SearchHit, SearchResults
from db.queries import search

RESULTS_MAX = 50
_RANKS = (MatchRank.EXACT, MatchRank.PREFIX, MatchRank.FRAGMENT)


def find(connection: Connection, typed: str, hall_no: int) -> SearchResults:
    """At most 50 accounts: exact before prefix before fragment, in each the own hall first."""
    query = recognise(typed)
    ranks: dict[str, int] = {}
    matched: dict[str, str] = {}
    for candidate in query.candidates:
        wanted = RESULTS_MAX + 1
        for account_no, rank in search.FINDERS[candidate.kind](connection, candidate.term, hall_no, wanted):
            if account_no not in ranks:
                ranks[account_no] = rank
                matched[account_no] = candidate.kind.value
    rows = search.hits(connection, ranks) if ranks else {}
    order = {account_no: place for place, account_no in enumerate(ranks)}
    best = sorted(rows.values(), key=lambda row: (row.rank, row.hall_no != hall_no, order[row.account_no]))
    return SearchResults(
        query=typed,
        hits=tuple(
            SearchHit(
                account_no=row.account_no,
                name=row.name,
                address=row.address,
                hall_name=row.hall_name,
                this_hall=row.hall_no == hall_no,
                arrears_fen=row.arrears_fen,
                prepaid_fen=row.prepaid_fen,
                closed=row.closed,
                rank=_RANKS[row.rank],
                matched=matched[row.account_no],
            )
            for row in best[:RESULTS_MAX]
        ),
        more=len(best) > RESULTS_MAX,
    )
