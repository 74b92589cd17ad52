// SPDX-License-Identifier: MIT
// Changes of the desk that are no repair, as people make them: what shows that a verdict on a fix
// can be trusted.

class MissingArgumentError extends Error {
  name = 'MissingArgumentError';
}

export const CHANGES = {
  // Repairs nothing.
  kinder_words(harness) {
    for (const agent of Object.values(harness.agents)) {
      agent.prompt += '\nThank the customer for writing to us.';
    }
  },
  // Breaks another tool: callers must now pass what no prompt mentions.
  invoice_currency(harness) {
    const tool = harness.tools.get_invoice;
    const run = tool.run.bind(tool);
    tool.run = (input) => {
      if (!input.currency) throw new MissingArgumentError('currency is not given');
      return run(input);
    };
  },
  // Hides a failing tool: nobody can call it, and nobody is helped.
  without_lookup(harness) {
    const { orders } = harness.agents;
    orders.tools = orders.tools.filter((name) => name !== 'lookup_customer');
  },
};

// Applies the changes to a desk that has just been made.
export function changed(harness, names) {
  for (const name of names) CHANGES[name](harness);
  return harness;
}
