// SPDX-License-Identifier: MIT
#include "engine/sources/credentials.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <map>
#include <string>

#include "engine/sources/pull_source.h"
#include "tests/unit/sources/temp_folder.h"

namespace halo {
namespace {

Environment Variables(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::string() : found->second;
  };
}

ServiceConnection Of(Service service) {
  ServiceConnection connection;
  connection.service = service;
  return connection;
}

TEST_CASE("credentials come from the environment") {
  const Environment keys =
      Variables({{"LANGFUSE_PUBLIC_KEY", "pk-1"}, {"LANGFUSE_SECRET_KEY", "sk-1"}});
  const Result<Credentials> found = FindCredentials(Of(Service::kLangfuse), keys);
  REQUIRE(found.has_value());
  CHECK(found->user == "pk-1");
  CHECK(found->secret == "sk-1");
  const Result<Credentials> missing =
      FindCredentials(Of(Service::kLangfuse), Variables({{"LANGFUSE_PUBLIC_KEY", "pk-1"}}));
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().message.find("LANGFUSE_SECRET_KEY") != std::string::npos);
  // Phoenix may need none.
  REQUIRE(FindCredentials(Of(Service::kPhoenix), Variables({})).has_value());
  CHECK(FindCredentials(Of(Service::kPhoenix), Variables({{"PHOENIX_API_KEY", "k"}}))->secret ==
        "k");
  const Result<Credentials> odd =
      FindCredentials(Of(Service::kPhoenix), Variables({{"PHOENIX_API_KEY", "k\r\nX-Evil: 1"}}));
  REQUIRE_FALSE(odd.has_value());
  CHECK(odd.error().message.find("Evil") == std::string::npos);
}

TEST_CASE("credentials come from a file that nobody else can read") {
  TempFolder folder;
  ServiceConnection connection = Of(Service::kLangfuse);
  connection.credentials = folder.Write(
      "keys", "# Langfuse\nexport LANGFUSE_PUBLIC_KEY=\"pk-2\"\nLANGFUSE_SECRET_KEY = 'sk-2'\r\n");
  const Environment other =
      Variables({{"LANGFUSE_PUBLIC_KEY", "pk-1"}, {"LANGFUSE_SECRET_KEY", "sk-1"}});
  ::chmod(connection.credentials.c_str(), 0644);
  const Result<Credentials> open = FindCredentials(connection, other);
  REQUIRE_FALSE(open.has_value());
  CHECK(open.error().message.find("chmod 600") != std::string::npos);
  CHECK(open.error().message.find("sk-2") == std::string::npos);
  ::chmod(connection.credentials.c_str(), 0600);
  const Result<Credentials> found = FindCredentials(connection, other);
  REQUIRE(found.has_value());
  CHECK(found->user == "pk-2");
  CHECK(found->secret == "sk-2");
  connection.credentials = folder.Path("absent");
  CHECK(FindCredentials(connection, other).error().code == Code::kNotFound);
  connection.credentials = folder.Path("");
  CHECK_FALSE(FindCredentials(connection, other).has_value());
}

TEST_CASE("addresses come from the connection, else from the environment") {
  CHECK(FindUrl(Of(Service::kLangfuse), Variables({})) == "https://cloud.langfuse.com");
  CHECK(FindUrl(Of(Service::kLangfuse), Variables({{"LANGFUSE_HOST", "https://us.x"}})) ==
        "https://us.x");
  CHECK(FindUrl(Of(Service::kPhoenix), Variables({})) == "http://localhost:6006");
  CHECK(FindUrl(Of(Service::kPhoenix),
                Variables({{"PHOENIX_HOST", "0.0.0.0"}, {"PHOENIX_PORT", "7007"}})) ==
        "http://localhost:7007");
  CHECK(FindUrl(Of(Service::kPhoenix),
                Variables({{"PHOENIX_COLLECTOR_ENDPOINT", "https://p.example/s/x/v1/traces"}})) ==
        "https://p.example/s/x");
  ServiceConnection own = Of(Service::kPhoenix);
  own.url = "http://mine:1";
  CHECK(FindUrl(own, Variables({{"PHOENIX_HOST", "other"}})) == "http://mine:1");
}

TEST_CASE("the key of a pull tells projects and filters apart, and holds no credential") {
  ServiceConnection connection = Of(Service::kLangfuse);
  const auto key = [&](const std::string& user) {
    return *PullKey(connection, "https://x.example/", {user, "sk-secret"});
  };
  const std::string plain = key("pk-1");
  CHECK(plain == key("pk-1"));
  CHECK(plain != key("pk-2"));
  CHECK(plain.find("pk-1") == std::string::npos);
  CHECK(plain.find("sk-secret") == std::string::npos);
  connection.tags = {"a b"};
  CHECK(key("pk-1") == plain + " tag=a%20b");
}

}  // namespace
}  // namespace halo
