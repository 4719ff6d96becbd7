"""Instruments as data, their scores and change: plain Python, so that the arithmetic can be checked alone."""

from teduh.measures.engine.change import Change, ChangeReport, classify, report_change
from teduh.measures.engine.loader import (
    InstrumentInvalid,
    InstrumentUnknown,
    available,
    known_keys,
    load_instrument,
)
from teduh.measures.engine.model import Instrument, Item, Option, Scale, ScaleScore, unconfirmed
from teduh.measures.engine.scoring import AnswerInvalid, Problem, check_answers, safety_flags, score

__all__ = [
    "AnswerInvalid",
    "Change",
    "ChangeReport",
    "Instrument",
    "InstrumentInvalid",
    "InstrumentUnknown",
    "Item",
    "Option",
    "Problem",
    "Scale",
    "ScaleScore",
    "available",
    "check_answers",
    "classify",
    "known_keys",
    "load_instrument",
    "report_change",
    "safety_flags",
    "score",
    "unconfirmed",
]
