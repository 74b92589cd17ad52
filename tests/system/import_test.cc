// SPDX-License-Identifier: MIT
// The program itself pulls from a server on this machine, and is killed while it does.
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <string>
#include <thread>
#include <utility>

#include "tests/support/fake_langfuse.h"
#include "tests/support/scripted_server.h"
#include "tests/system/support.h"

namespace halo::system_test {
namespace {

std::string KeyFile(const TempFolder& folder) {
  const std::string path = folder.At("keys");
  WriteFile(path, std::string("LANGFUSE_PUBLIC_KEY=") + FakeLangfuse::kPublic +
                      "\nLANGFUSE_SECRET_KEY=" + FakeLangfuse::kSecret + "\n");
  REQUIRE(::chmod(path.c_str(), 0600) == 0);
  return path;
}

FakeLangfuse MakeFakeLangfuse(int traces) {
  FakeLangfuse fake;
  for (int i = 0; i < traces; ++i) fake.traces.push_back(MakeFakeTrace(i, 2 + i % 5));
  return fake;
}

struct Project {
  explicit Project(FakeLangfuse content)
      : fake(std::move(content)),
        server([this](const ServedRequest& request) { return fake.Answer(request); }) {}
  FakeLangfuse fake;  // the server's threads read it: no test changes it
  ScriptedServer server;
};

}  // namespace

TEST_CASE("a pull that is killed at any point resumes and gives the same answers") {
  const TempFolder folder;
  Project project(MakeFakeLangfuse(250));
  const auto arguments = [&](const std::string& store) {
    return std::vector<std::string>{
        "import",        "langfuse",      "--url",   project.server.url(),
        "--credentials", KeyFile(folder), "--store", store};
  };
  const std::string whole = folder.StoreUrl("whole.db");
  REQUIRE(WaitFor(StartProgram(arguments(whole))) == 0);
  const std::string expected = Answers(*Open(whole));

  int killed = 0;
  for (const std::size_t requests : {2U, 5U, 7U, 9U, 12U, 14U}) {
    INFO("killed at request " << requests);
    const std::string store = folder.StoreUrl("killed" + std::to_string(requests) + ".db");
    const std::size_t before = project.server.requests().size();
    const pid_t child = StartProgram(arguments(store));
    for (int i = 0; i < 2000 && project.server.requests().size() < before + requests; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    kill(child, SIGKILL);
    killed += WaitFor(child) == 128 + SIGKILL;
    REQUIRE(WaitFor(StartProgram(arguments(store))) == 0);
    CHECK(FirstDifference(Answers(*Open(store)), expected) == "");
  }
  CHECK(killed > 0);
}

TEST_CASE("the program says what is wrong by its exit code") {
  const TempFolder folder;
  Project project(MakeFakeLangfuse(3));
  const std::string store = folder.StoreUrl("x.db"), keys = KeyFile(folder);
  const auto run = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "import");
    arguments.insert(arguments.end(), {"--store", store});
    return WaitFor(StartProgram(arguments));
  };
  const std::string url = project.server.url();
  CHECK(run({"langfuse", "--url", url, "--credentials", keys, "--dry-run"}) == 0);
  CHECK(Open(store)->Info()->spans == 0);
  CHECK(run({"langfuse", "--url", url, "--credentials", folder.At("absent")}) == 1);
  CHECK(run({"langfuse", "--url", "ftp://x", "--credentials", keys}) == 2);
  CHECK(run({"langfuse", "--connection", "prod"}) == 2);
  CHECK(run({"langfuse", "--from", "tomorrow"}) == 2);
  CHECK(run({"langsmith"}) == 2);
  FakeLangfuse refusing;
  refusing.before = [](const ServedRequest&) { return ServedAnswer{401, "{}"}; };
  Project refused(std::move(refusing));
  CHECK(run({"langfuse", "--url", refused.server.url(), "--credentials", keys}) == 2);

  const std::string config = folder.At("halo.toml");
  WriteFile(config, "[connections.prod]\ntype = \"langfuse\"\nurl = \"" + url +
                        "\"\ncredentials = \"" + keys + "\"\n");
  CHECK(run({"langfuse", "--connection", "prod", "--config", config, "--json"}) == 0);
  CHECK(Open(store)->Info()->traces == 3);
}

}  // namespace halo::system_test
