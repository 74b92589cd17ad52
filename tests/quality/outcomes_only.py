# SPDX-License-Identifier: MIT
"""Sets that say of each run whether it passed, and nothing about steps."""
import json

from labelled_set import LabelledSet


def read_tau_bench(folder, work):
    """Keeps the messages and the reward; the actions that would have been right are left out."""
    runs = json.loads((folder / "gpt-4o-airline.json").read_text())
    kept = [{"task_id": run["task_id"], "trial": run["trial"], "reward": run["reward"],
             "traj": run["traj"]} for run in runs]
    path = work / "tau-bench.json"
    path.write_text(json.dumps(kept))
    return LabelledSet("tau-bench-gpt4o-airline", "a service agent and a simulated customer, four runs "
                       "a task; the outcome is the reward", [path],
                       expected=(len(kept), sum(run["reward"] >= 1 for run in kept)))


def _stripped(results):
    """tau2-bench results without what a run should have done."""
    simulations = [{**one, "reward_info": {"reward": (one.get("reward_info") or {}).get("reward")}}
                   for one in results["simulations"]]
    tasks = [{"id": task.get("id")} for task in results.get("tasks", [])]
    return {**results, "tasks": tasks, "simulations": simulations}


def _read_tau2(name, about, paths, work):
    files, runs, passed = [], 0, 0
    for at, path in enumerate(paths):
        results = _stripped(json.loads(path.read_text()))
        for one in results["simulations"]:
            runs += 1
            passed += (one["reward_info"]["reward"] or 0) >= 1
        files.append(work / f"{name}-{at}.json")
        files[-1].write_text(json.dumps(results))
    return LabelledSet(name, about, files, expected=(runs, passed))


def read_tool_orchestra(folder, work):
    return _read_tau2("tau2-toolorchestra-gpt5", "a service agent and a simulated customer, one run a "
                      "task; the outcome is the reward", sorted(folder.glob("toolorchestra_*.json")), work)


def read_active_graph(folder, work):
    return _read_tau2("tau2-activegraph-events", "a service agent and a simulated customer, few tasks; "
                      "the outcome is the reward", sorted(folder.glob("runs/*/tau2_output/results.json")),
                      work)
