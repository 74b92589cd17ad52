// SPDX-License-Identifier: MIT
// Decides whether a run did what the ticket asked for, by the final state of the database and the
// text of the answer. Does not look at how the agent got there.

export function outcome(ticket, db, answer) {
  if (answer === undefined) return 'failure'; // the run ended in an error
  const { says = [], state = () => true } = ticket.goal;
  const said = says.every((word) => answer.includes(word));
  return said && state(db) ? 'success' : 'failure';
}
