"""Nothing: what an estate has none of, so that a rule asks nothing of it."""

import layers
from layers.pipelines import PIPES
from rules.grammar import Agreement, Members, Ratio
from rules.selection import Quantity, Selection
from rules.voice import Voice
from wording import listing


def nothing(voice: Voice) -> str:
    """
    Return why a rule does not apply to an estate: what the estate has none of.

    Parameters
    ----------
    voice : Voice
        The rule, and the language of the sentence.
    """
    measure = voice.rule.measure
    if voice.rule.new_estates_only:
        return voice.say("whole.not_new")
    if isinstance(measure, Agreement):
        return voice.say("whole.nothing_to_compare")
    asked = measure.per[0] if isinstance(measure, Ratio) else measure
    if not isinstance(asked, Selection):
        return voice.say("whole.nothing")
    if asked.layer == "estates":
        return _stated_nothing(asked, voice)
    what = called(asked, voice)
    some = bool(asked.where or (isinstance(asked, Members) and (asked.when or asked.among)))
    return voice.say("whole.nothing_such" if some else "whole.nothing_of", what=what)


def _stated_nothing(asked: Selection, voice: Voice) -> str:
    """Return that the survey states 0 of what is asked for, where it is a figure of the estate."""
    known = {column.name: column for column in layers.ALL["estates"].columns}
    column = known.get(asked.sum) if isinstance(asked, Quantity) else None
    if column is None:
        return voice.say("whole.nothing")
    return voice.say("whole.nothing_stated", column=column.label(voice.language))


def called(selection: Selection, voice: Voice) -> str:
    """
    Return what is selected: the labels of its kinds, or the layer's.

    Parameters
    ----------
    selection : Selection
        Rows of a layer.
    voice : Voice
        The language.
    """
    spec = layers.ALL[selection.layer]
    if not selection.kinds:
        return spec.label(voice.language)
    codes = PIPES if selection.layer == "pipelines" else spec.column("kind").codes or {}
    *others, last = (codes[kind][voice.language] for kind in selection.kinds)
    return voice.say("walk.or").join([listing(others, voice.language), last] if others else [last])
