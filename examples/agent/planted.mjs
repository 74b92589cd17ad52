// SPDX-License-Identifier: MIT
// The answer key of a recording. `done` are its runs: the plan of each, the defects that took effect,
// the trace, and for the back office the turns.

export function plantedOf({ defects, tasks }, done, dialect) {
  const runsOf = new Map(tasks.map((task) => [task, 0]));
  for (const { plan } of done) runsOf.set(plan.task, runsOf.get(plan.task) + 1);

  // The runs in which the defect took effect, of all runs of the same tasks.
  const runsWith = (name) => {
    const hits = done.filter(({ bitten }) => bitten.has(name));
    const where = new Set(hits.map(({ plan }) => plan.task));
    const of_runs = [...where].reduce((sum, task) => sum + runsOf.get(task), 0);
    return { of_runs, trace_ids: hits.map(({ trace }) => trace) };
  };
  const turnsOf = (name) =>
    Object.fromEntries(
      done
        .filter(({ bitten }) => bitten.has(name))
        .map(({ trace, turns }) => [trace, turns.get(name)]),
    );
  const locusOf = ({ agent, tool }) => ({
    agent: dialect.agents[agent],
    tool: dialect.tools[tool], // absent if any
  });

  const harmlessNames = defects.filter(({ harmless }) => harmless).map(({ name }) => name);
  const clean = done
    .filter(({ bitten, plan }) => {
      if (plan.hiccup || plan.modelHiccup) return false;
      return [...bitten].every((name) => harmlessNames.includes(name));
    })
    .map(({ trace }) => trace);

  if (!dialect) {
    const planted = defects.map(({ name, detector, locus, later = false, also }) => ({
      defect: name,
      detector,
      locus,
      later,
      also,
      ...runsWith(name),
    }));
    return { planted, clean };
  }
  const planted = defects
    .filter(({ harmless }) => !harmless)
    .map((one) => ({
      defect: one.name,
      layer: one.layer,
      found_by: one.found_by,
      locus: locusOf(one),
      ...runsWith(one.name),
      turns: turnsOf(one.name),
    }));
  const harmless = defects
    .filter((one) => one.harmless)
    .map((one) => ({
      name: one.name,
      locus: locusOf(one),
      ...runsWith(one.name),
      turns: turnsOf(one.name),
    }));
  return { planted, harmless, clean };
}
