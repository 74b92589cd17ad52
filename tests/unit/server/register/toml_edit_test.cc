// SPDX-License-Identifier: MIT
#include "server/register/toml_edit.h"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

namespace halo {
namespace {

const boost::json::object kKeys = {{"command", "/bin/halo"}, {"args", {"stdio", "a \"b\""}}};
const std::string kLines = "command = \"/bin/halo\"\nargs = [\"stdio\", \"a \\\"b\\\"\"]\n";
const std::string kTable = "[mcp_servers.halo]\n" + kLines;

std::string Set(std::string_view text, const boost::json::object& keys = kKeys) {
  const auto edited = SetTomlTable(text, "mcp_servers", "halo", keys, {"command", "args", "url"});
  return edited ? *edited : "error: " + edited.error().message;
}

std::string Removed(std::string_view text) {
  const auto edited = RemoveTomlTable(text, "mcp_servers", "halo");
  return edited ? *edited : "error: " + edited.error().message;
}

}  // namespace

TEST_CASE("a table is added at the end") {
  CHECK(Set("") == kTable);
  CHECK(Set("model = \"m\" # mine\n\n[mcp_servers.b]\ncommand = \"b\"") ==
        "model = \"m\" # mine\n\n[mcp_servers.b]\ncommand = \"b\"\n\n" + kTable);
  CHECK(Set("a = 1\r\n") ==
        "a = 1\r\n\r\n[mcp_servers.halo]\r\ncommand = \"/bin/halo\"\r\n"
        "args = [\"stdio\", \"a \\\"b\\\"\"]\r\n");
}

TEST_CASE("a table is changed in place, and a second change does nothing") {
  const std::string before =
      "# é top\n[mcp_servers.\"halo\"] # ours\nstartup_timeout_sec = 9 # patience\n"
      "command = \"/old/é\" # the program\nargs = [ # many\n  \"x\",\n]\n# end of ours\n\n"
      "[mcp_servers.halo.env]\nA = \"1\"\n\n[z]\nk = '''\n[mcp_servers.halo]\n'''\n";
  const std::string after =
      "# é top\n[mcp_servers.\"halo\"] # ours\nstartup_timeout_sec = 9 # patience\n"
      "command = \"/bin/halo\" # the program\nargs = [\"stdio\", \"a \\\"b\\\"\"]\n# end of "
      "ours\n\n"
      "[mcp_servers.halo.env]\nA = \"1\"\n\n[z]\nk = '''\n[mcp_servers.halo]\n'''\n";
  CHECK(Set(before) == after);
  CHECK(Set(after) == after);
}

TEST_CASE("keys of the other transport are removed") {
  CHECK(Set("[mcp_servers.halo]\nurl = \"http://h\"\nenabled = true\n[b]\n") ==
        "[mcp_servers.halo]\n" + kLines + "enabled = true\n[b]\n");
  CHECK(Set("[mcp_servers.halo]\ncommand = \"c\"\nargs = [\n  \"x\", # one\n]\nenabled = true\n",
            {{"url", "http://h"}}) == "[mcp_servers.halo]\nurl = \"http://h\"\nenabled = true\n");
}

TEST_CASE("adding and removing a TOML table restores the file") {
  for (const std::string text : {"", "a = 1\n", "a = 1\r\n\r\n# end\r\n",
                                 "[mcp_servers.b]\ncommand = \"b\"\n[mcp_servers]\n"}) {
    CAPTURE(text);
    CHECK(Removed(Set(text)) == text);
    CHECK(Removed(text) == text);
  }
  CHECK(Removed("# top\n\n[mcp_servers.halo]\n# inside\nargs = [\n  \"x\",\n  # y\n]\n\n"
                "[mcp_servers.halo.env]\nA = \"1\"\n\n# of z\n[z]\nk = 1\n") ==
        "# top\n\n# of z\n[z]\nk = 1\n");
}

TEST_CASE("a TOML file that cannot be edited safely is refused") {
  CHECK(Set("a = 1\nb = = 2\n").starts_with("error: invalid TOML in line 2: "));
  CHECK(Set("[$x]\n").starts_with("error: invalid TOML in line 1: "));
  CHECK(Set("mcp_servers = 1\n") == "error: its mcp_servers is not a table");
  const std::string uneditable =
      "error: its mcp_servers.halo is not a table with the header [mcp_servers.halo]";
  CHECK(Set("mcp_servers = { halo = { command = \"x\" } }\n") == uneditable);
  CHECK(Set("mcp_servers = {}\n") == uneditable);
  CHECK(Removed("mcp_servers = { halo = {}, b = {} }\n") == uneditable);
}

TEST_CASE("deep nesting in TOML is refused") {
  CHECK(Set("a = " + std::string(100'000, '[')).starts_with("error: invalid TOML"));
}

}  // namespace halo
