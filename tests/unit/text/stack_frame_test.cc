// SPDX-License-Identifier: MIT
#include "engine/text/stack_frame.h"

#include <catch2/catch.hpp>
#include <string>

namespace halo {
namespace {

TEST_CASE("the innermost frame outside of libraries is the application's") {
  struct Case {
    std::string stack, frame;
  };
  const std::vector<Case> cases = {
      {"Traceback (most recent call last):\n"
       "  File \"/srv/shop/main.py\", line 40, in run\n"
       "    answer = tool(**arguments)\n"
       "  File \"/srv/shop/tools/search.py\", line 12, in search\n"
       "    return client.get(url)\n"
       "  File \"/usr/lib/python3.11/site-packages/httpx/_client.py\", line 900, in get\n"
       "    raise ConnectError(message)\n"
       "httpx.ConnectError: refused",
       "/srv/shop/tools/search.py:12 in search"},
      {"Traceback (most recent call last):\n  File \"main.py\", line 3, in <module>\nKeyError: 'a'",
       "main.py:3"},
      {"TypeError: order is undefined\n"
       "    at Object.get (/srv/shop/node_modules/lib/get.js:7:9)\n"
       "    at async findOrder (file:///srv/shop/src/orders.ts:31:11)\n"
       "    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)",
       "/srv/shop/src/orders.ts:31 in findOrder"},
      {"Error: no\n    at /srv/shop/index.js:5:1", "/srv/shop/index.js:5"},
      {"java.lang.IllegalStateException: no stock\n"
       "\tat java.base/java.util.Optional.orElseThrow(Optional.java:403)\n"
       "\tat com.shop.Stock.find(Stock.java:88)\n"
       "\tat com.shop.Agent.run(Agent.java:20)",
       "Stock.java:88 in com.shop.Stock.find"},
      {"System.Exception: no\n"
       "   at System.Net.Http.HttpClient.Send(String a) in /_/src/Client.cs:line 10\n"
       "   at Shop.Orders.Find(String id) in /src/Shop/Orders.cs:line 42",
       "/src/Shop/Orders.cs:42 in Shop.Orders.Find"},
      {"goroutine 1 [running]:\n"
       "runtime.panicIndex()\n\t/usr/local/go/src/runtime/panic.go:114 +0x1\n"
       "main.find(0x0)\n\t/src/shop/find.go:17 +0x1d\n",
       "/src/shop/find.go:17 in main.find"},
      {"thread 'main' panicked at src/main.rs:4:5:\nboom\n"
       "   1: core::panicking::panic\n"
       "             at /rustc/abc/library/core/src/panicking.rs:72:14\n"
       "   2: shop::find\n"
       "             at ./src/find.rs:9:5\n",
       "./src/find.rs:9"},
  };
  for (const Case& one : cases) {
    INFO(one.stack);
    CHECK(TopAppFrame(one.stack) == one.frame);
  }
}

TEST_CASE("text without a frame of the application has none") {
  CHECK(TopAppFrame("").empty());
  CHECK(TopAppFrame("meet me at 10:30").empty());
  CHECK(TopAppFrame("at noon (see notes: 12)").empty());
  CHECK(TopAppFrame("  File \"/usr/lib/python3/dist-packages/a.py\", line 1, in b").empty());
  CHECK(TopAppFrame("  File \"a.py\", line x, in b").empty());
  CHECK(TopAppFrame("at ()\nat (:1)\nFile \"\", line \n").empty());
}

TEST_CASE("the last block of a long trace is seen, in linear time") {
  std::string stack;
  for (int i = 0; i < 20'000; ++i) {
    stack += "  File \"/srv/site-packages/deep.py\", line 1, in again\n";
  }
  stack += "  File \"/srv/shop/end.py\", line 5, in end\n";
  CHECK(TopAppFrame(stack) == "/srv/shop/end.py:5 in end");
}

}  // namespace
}  // namespace halo
