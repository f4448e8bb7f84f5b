"""Cards and a reader without hardware, for the demonstration. Says SIMULATED wherever it is used."""

from cardio.simulator.cards import PROFILE, Condition, SimulatedCard
from cardio.simulator.demo import HOLDERS, KINDS, Holder, serial_of, stock
from cardio.simulator.meter import HomeMeter, MeterAnswer
from cardio.simulator.reader import SimulatedReader
from cardio.simulator.store import Stock

__all__ = [
    "HOLDERS",
    "KINDS",
    "PROFILE",
    "Condition",
    "Holder",
    "HomeMeter",
    "MeterAnswer",
    "SimulatedCard",
    "SimulatedReader",
    "Stock",
    "serial_of",
    "stock",
]
