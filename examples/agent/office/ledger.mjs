// SPDX-License-Identifier: MIT
// Keeps, for the answer key only, which span was which step of a run, so that a defect that takes effect
// can be pinned to a turn: the call of the model that asked, the action, the call of the model that
// saw what came back.

export class Ledger {
  #steps = [];
  #actions = new Map(); // by id of the call
  #marks = [];

  // The model is asked; `span` and `calls` are filled in when it has answered.
  step(agent) {
    const step = { agent, span: undefined, calls: [] };
    this.#steps.push(step);
    return step;
  }

  action(call, span) {
    this.#actions.set(call, [...(this.#actions.get(call) ?? []), span]);
  }

  // `where`: 'said' is the latest output of the model, 'turn' also what its first call led to, and
  // `{call}` is the turn of that call.
  mark(defect, where = 'turn') {
    const step = where.call
      ? this.#steps.find(({ calls }) => calls.includes(where.call))
      : this.#steps.at(-1);
    this.#marks.push({ defect, where, step });
  }

  // The marked turns of each defect, in the order in which they were marked.
  turns() {
    const turns = new Map();
    for (const { defect, where, step } of this.#marks) {
      const turn = { asked: step.span };
      if (where !== 'said') {
        const call = where.call ?? step.calls[0];
        const actions = this.#actions.get(call) ?? [];
        if (actions.length > 0) [turn.action, turn.again] = actions;
        const next = this.#steps.slice(this.#steps.indexOf(step) + 1);
        turn.seen = next.find(({ agent }) => agent === step.agent)?.span;
      }
      turns.set(defect, [...(turns.get(defect) ?? []), turn]);
    }
    return turns;
  }
}
