# SPDX-License-Identifier: MIT
"""The turns of a run, and the turn in which a finding lies.

An agent works in turns: asking call -> action -> next call. People who label a trace mark the
asking or the next call as often as the action, since the fault is in what the model was given or
did. So a finding hits a mark if the mark is anywhere in the finding's turn.
"""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Turn:
    asked: str = ""   # span ids; empty if there is none
    action: str = ""
    seen: str = ""

    @property
    def spans(self):
        return {span for span in (self.asked, self.action, self.seen) if span}

    @property
    def step(self):
        """Where a person would look first."""
        return self.asked or self.action


class Run:
    """The spans of one trace, as read_spans lists them: depth first, siblings by time."""

    def __init__(self, tree):
        self.order = {span["span_id"]: at for at, span in enumerate(tree)}
        self.spans = {span["span_id"]: span for span in tree}
        self.children = {}
        for span in tree:
            self.children.setdefault(span.get("parent_id", ""), []).append(span["span_id"])
        self.roles = {}  # step -> "call" or "action"
        self.scopes = {}  # step -> span of its agent or tool, or ""
        self._find_steps()
        self.turns = sorted(self._find_turns(), key=lambda turn: self.order[turn.action or turn.asked])
        self.turn_of_step = {}  # an action has one turn; a call counts for the first that it asked for
        for at, turn in enumerate(self.turns):
            self.turn_of_step.setdefault(turn.action or turn.asked, at)
        for at, turn in enumerate(self.turns):
            if turn.asked:
                self.turn_of_step.setdefault(turn.asked, at)

    def ancestors(self, span_id):
        seen = set()
        parent = self.spans[span_id].get("parent_id", "")
        while parent in self.spans and parent not in seen:
            seen.add(parent)
            yield parent
            parent = self.spans[parent].get("parent_id", "")

    def below(self, span_id):
        waiting = list(self.children.get(span_id, []))
        while waiting:
            child = waiting.pop()
            yield child
            waiting.extend(self.children.get(child, []))

    def kind(self, span_id):
        return self.spans[span_id].get("kind", "SPAN")

    @property
    def steps(self):
        return sorted(self.roles, key=self.order.get)

    def _find_steps(self):
        outer_calls = {parent for span in self.spans if self.kind(span) == "LLM"
                       for parent in self.ancestors(span) if self.kind(parent) == "LLM"}
        for span in self.spans:
            kind = self.kind(span)
            if kind == "LLM" and span not in outer_calls:
                self.roles[span] = "call"
            elif kind in ("TOOL", "AGENT"):
                self.roles[span] = "action"
            else:
                continue
            self.scopes[span] = next(
                (a for a in self.ancestors(span) if self.kind(a) in ("AGENT", "TOOL")), "")
        # An agent that no call of its own scope could have asked for is the run, not an action.
        for span in list(self.roles):
            if self.kind(span) == "AGENT" and not any(
                    self.roles.get(other) == "call" and self.scopes[other] == self.scopes[span]
                    for other in self.roles):
                del self.roles[span]

    def _find_turns(self):
        by_scope = {}
        for step in self.steps:
            by_scope.setdefault(self.scopes[step], []).append(step)
        for steps in by_scope.values():
            asked, actions = "", []
            for step in steps + [""]:
                if step and self.roles[step] == "action":
                    actions.append(step)
                    continue
                for action in actions:
                    yield Turn(asked, action, step)
                if asked and not actions:
                    yield Turn(asked)
                asked, actions = step, []

    def turn_at(self, span_id):
        """Index of the turn that holds a span; None if the run has no turns.

        A wrapper fails where its last step does; another span belongs to the step before it.
        """
        if not self.turns or span_id not in self.spans:
            return None
        if span_id in self.turn_of_step:
            return self.turn_of_step[span_id]
        inside = [self.turn_of_step[s] for s in self.below(span_id) if s in self.turn_of_step]
        if inside:
            return max(inside)
        for parent in self.ancestors(span_id):
            if parent in self.turn_of_step and self.kind(parent) != "AGENT":
                return self.turn_of_step[parent]
        before = [s for s in self.steps
                  if self.order[s] < self.order[span_id] and s in self.turn_of_step]
        return self.turn_of_step[before[-1]] if before else 0


# Of the evidence of a finding, the roles that place it, the most telling first.
PLACING_ROLES = ("failed", "result", "arguments", "answer", "asked")


def place(finding, run):
    """(index, Turn) of the turn of a finding of explain_trace, or None.

    Where the product says which spans asked, failed and read the result, those are the turn. Else
    the earliest span of the finding is taken, and the turn is computed from the order of steps.
    """
    evidence = [part for part in finding.get("evidence", []) if part.get("span_id") in run.spans]
    by_role = {}
    for part in evidence:
        by_role.setdefault(part.get("role"), part["span_id"])
    anchors = [by_role[role] for role in PLACING_ROLES if role in by_role]
    anchors += [part["span_id"] for part in evidence]
    if not anchors:
        spans = [span for span in finding.get("span_ids", []) if span in run.spans]
        anchors = sorted(spans, key=run.order.get)
    if not anchors:
        return None
    at = run.turn_at(anchors[0])
    if at is None:
        return None
    turn = run.turns[at]
    return at, Turn(by_role.get("asked", turn.asked), turn.action, by_role.get("seen", turn.seen))


def marked_turns(run, marks):
    """Indices of the turns that hold a marked span."""
    return [at for at, turn in enumerate(run.turns) if turn.spans & set(marks)]
