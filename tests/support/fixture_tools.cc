// SPDX-License-Identifier: MIT
#include "tests/support/fixture_tools.h"

#include <condition_variable>
#include <mutex>
#include <stdexcept>

#include "tests/unit/tools/fake_engine.h"

namespace halo {
namespace {

struct Nothing {
  static constexpr auto Fields() { return std::tuple{}; }
};

struct Text {
  Words text;
  static constexpr auto Fields() { return std::tuple{Field("text", &Text::text, "Any text.")}; }
};

struct Steps {
  int steps = 1;
  static constexpr auto Fields() {
    return std::tuple{Option("steps", &Steps::steps, "How many.", {0, 1000})};
  }
};

Result<Text> Echo(Engine&, const Text& in, const CallContext&) { return in; }

Result<Text> Fail(Engine&, const Nothing&, const CallContext&) {
  return Error{Code::kNotFound, "nothing there\xff; call echo"};
}

Result<Text> Throw(Engine&, const Nothing&, const CallContext&) {
  throw std::runtime_error("thrown");
}

// Reports some progress values twice and some in descending order.
Result<Steps> Count(Engine&, const Steps& in, const CallContext& context) {
  for (int step = 1; step <= in.steps; ++step) {
    context.progress(step, in.steps, "counting");
    context.progress(step, in.steps, "again");
    context.progress(step - 1, in.steps, "backwards");
  }
  return in;
}

// Reports that it has started, and only ends when it is stopped.
Result<Text> Wait(Engine&, const Nothing&, const CallContext& context) {
  context.progress(0, 1, "waiting");
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any().wait(lock, context.stop, [] { return false; });
  return Error{Code::kCancelled, "stopped"};
}

}  // namespace

std::vector<Tool> FixtureTools() {
  return {
      MakeTool({"wait", "Wait", "Ends when told to.", {false, false, true, false}}, &Wait),
      MakeTool({"echo", "Echo", "Says it again.", {}, true, "repeat"}, &Echo),
      MakeTool({"fail", "Fail", "Never works.", {}}, &Fail),
      MakeTool({"throw", "Throw", "Breaks.", {}}, &Throw),
      MakeTool({"count", "Count", "Counts.", {}}, &Count),
  };
}

Catalogue FixtureCatalogue(Engine& engine, std::vector<Tool> tools) {
  Catalogue out{{"fixture", "Fixture", "1.2.3", "Call echo."}, {}};
  for (Tool& tool : tools) out.tools.push_back(Serve(engine, std::move(tool)));
  return out;
}

}  // namespace halo
