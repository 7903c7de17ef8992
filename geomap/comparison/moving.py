"""Second thoughts: after the greedy merging, events move to, or change places between, incidents where that fits better."""

from __future__ import annotations

from collections.abc import Iterator

from geomap.comparison.events import Events

PASSES = 6
WORTH = 0.05  # bits from which a move is made: less would only shuffle ties


class Moving:
    """Incidents as dicts from party to event; the aim is the sum of bits over all pairs inside incidents."""

    def __init__(self, events: Events, of: dict[int, int], bits: dict[tuple[int, int], float], strangers: float) -> None:
        self.of, self.strangers = of, strangers
        self.party = {event: int(events.party[event]) for event in of}
        self.near: dict[int, dict[int, float]] = {event: {} for event in of}
        for (a, b), value in bits.items():
            self.near[a][b] = self.near[b][a] = value
        self.groups: dict[int, dict[int, int]] = {}
        for event, group in of.items():
            self.groups.setdefault(group, {})[self.party[event]] = event
        self.fresh = -1

    def settle(self) -> dict[int, int]:
        """Move events, one at a time, until no move is worth it."""
        moved = set(self.of)
        for _ in range(PASSES):
            now, moved = sorted(moved), set()
            for event in now:
                moved.update(self._improve(event))
            if not moved:
                break
        return self.of

    def _improve(self, event: int) -> Iterator[int]:
        """Make the best move of an event, if any is worth it; gives the events whose case is to be looked at again."""
        home = self.of[event]
        stay = self._fit(event, home)
        best, where, sent = WORTH, None, None
        if -stay > best:
            best, where = -stay, self.fresh
        for group in dict.fromkeys(self.of[other] for other, bits in self.near[event].items() if bits > 0):
            if group == home:
                continue
            rival = self.groups[group].get(self.party[event])
            gain = self._fit(event, group) - stay
            target = None
            if rival is not None:
                swapped, alone = self._fit(rival, home, without=event), 0.0
                gain += max(swapped, alone) - self._fit(rival, group)
                target = home if swapped > alone else self.fresh
            if gain > best:
                best, where, sent = gain, group, target
        if where is None:
            return
        rival = self.groups.get(where, {}).get(self.party[event])
        if rival is not None and sent is not None:
            self._put(rival, None)
        self._put(event, where)
        if rival is not None and sent is not None:
            self._put(rival, sent if sent != self.fresh else self._new())
            yield rival
        yield from self.near[event]

    def _fit(self, event: int, group: int, without: int | None = None) -> float:
        """Bits between an event and the others of a group; whoever is of its own party there does not count."""
        near, party = self.near[event], self.party[event]
        members = self.groups.get(group, {}).items()
        return sum(
            near.get(other, self.strangers) for whose, other in members if whose != party and other not in (event, without)
        )

    def _put(self, event: int, group: int | None) -> None:
        home = self.groups.get(self.of[event], {})
        if home.get(self.party[event]) == event:
            del home[self.party[event]]
        if group is not None:
            if group == self.fresh:
                group = self._new()
            self.of[event] = group
            self.groups.setdefault(group, {})[self.party[event]] = event

    def _new(self) -> int:
        """A number for an incident of its own; ``fresh`` stands for the next."""
        number, self.fresh = self.fresh, self.fresh - 1
        return number
