// SPDX-License-Identifier: MIT
#include "tests/system/faults.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <thread>

#include "schemas/json_text.h"
#include "tools/answer/tool.h"

namespace halo::system_test {
namespace {

// Runs in the child process of a LockHolder.
[[noreturn]] void HoldLocks(const std::string& path, int commands, int answers) {
  sqlite3* database = nullptr;
  for (char word; read(commands, &word, 1) == 1;) {
    char answer = 'n';
    if (word == 'l' && sqlite3_open(path.c_str(), &database) == SQLITE_OK) {
      sqlite3_busy_timeout(database, 10'000);
      const char* sql = "BEGIN IMMEDIATE; UPDATE state SET sequence = sequence";
      if (sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK) answer = 'y';
    } else if (word == 'u') {
      if (sqlite3_exec(database, "ROLLBACK", nullptr, nullptr, nullptr) == SQLITE_OK) answer = 'y';
      sqlite3_close(database);
      database = nullptr;
    }
    if (write(answers, &answer, 1) != 1) break;
  }
  _exit(0);
}

}  // namespace

LockHolder::LockHolder(std::string store_path) : path_(std::move(store_path)) {
  int to[2], from[2];
  REQUIRE(pipe2(to, O_CLOEXEC) == 0);
  REQUIRE(pipe2(from, O_CLOEXEC) == 0);
  child_ = fork();
  REQUIRE(child_ >= 0);
  if (child_ == 0) {
    close(to[1]);
    close(from[0]);
    HoldLocks(path_, to[0], from[1]);
  }
  close(to[0]);
  close(from[1]);
  commands_ = to[1];
  answers_ = from[0];
}

LockHolder::~LockHolder() {
  close(commands_);
  close(answers_);
  kill(child_, SIGKILL);
  waitpid(child_, nullptr, 0);
}

void LockHolder::Command(char word) {
  char answer = 'n';
  REQUIRE(write(commands_, &word, 1) == 1);
  REQUIRE(read(answers_, &answer, 1) == 1);
  REQUIRE(answer == 'y');
}

void LockHolder::Lock() { Command('l'); }
void LockHolder::Unlock() { Command('u'); }

std::unique_ptr<SmallDisk> SmallDisk::Mount(const std::string& folder, int kilobytes) {
  REQUIRE(mkdir(folder.c_str(), 0700) == 0);
  const std::string size = "size=" + std::to_string(kilobytes) + "k";
  if (mount("tmpfs", folder.c_str(), "tmpfs", 0, size.c_str()) != 0) {
    WARN("SKIPPED: no small file system can be mounted here: " << std::strerror(errno));
    return nullptr;
  }
  return std::unique_ptr<SmallDisk>(new SmallDisk(folder));
}

SmallDisk::~SmallDisk() { umount2(folder_.c_str(), MNT_DETACH); }

void SmallDisk::Fill() {
  const int file = open((folder_ + "/fill").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  REQUIRE(file >= 0);
  const std::array<char, 4096> bytes{};
  while (write(file, bytes.data(), bytes.size()) > 0) {
  }
  CHECK(errno == ENOSPC);
  close(file);
}

void SmallDisk::Clear() { REQUIRE(unlink((folder_ + "/fill").c_str()) == 0); }

bool MakeReadOnly(const std::string& folder) {
  const bool done =
      mount(folder.c_str(), folder.c_str(), nullptr, MS_BIND, nullptr) == 0 &&
      mount(nullptr, folder.c_str(), nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) == 0;
  if (!done) WARN("SKIPPED: nothing can be mounted read-only here: " << std::strerror(errno));
  return done;
}

void MakeWritable(const std::string& folder) { REQUIRE(umount2(folder.c_str(), MNT_DETACH) == 0); }

namespace {

std::atomic<bool> writes_fail = false;

ssize_t WriteAt(int file, const void* bytes, std::size_t size, off_t offset) {
  if (!writes_fail) return pwrite(file, bytes, size, offset);
  errno = EIO;
  return -1;
}

}  // namespace

void FailWrites(bool fail) {
  sqlite3_vfs* vfs = sqlite3_vfs_find(nullptr);
  const auto write_at = reinterpret_cast<sqlite3_syscall_ptr>(&WriteAt);
  for (const char* name : {"pwrite", "pwrite64"}) {
    if (vfs->xGetSystemCall(vfs, name)) vfs->xSetSystemCall(vfs, name, write_at);
  }
  writes_fail = fail;
}

void Eventually(const std::function<bool()>& holds) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!holds()) {
    REQUIRE(std::chrono::steady_clock::now() < until);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

std::string CallTool(Engine& engine, std::string_view name, std::string_view arguments) {
  for (const Tool& tool : AllTools()) {
    if (tool.info.name != name) continue;
    CallContext context;
    context.nonce = "nonce";
    const boost::json::value parsed = boost::json::parse(std::string(arguments));
    const Result<ToolAnswer> answer = tool.call(engine, parsed, context);
    return answer ? Serialise(boost::json::value(answer->structured)) : answer.error().message;
  }
  FAIL("no tool " << name);
  return {};
}

std::pair<int, std::string> RunProgram(const std::string& arguments) {
  std::FILE* output = ::popen((HALO_BINARY " " + arguments + " 2>&1").c_str(), "r");
  REQUIRE(output);
  std::string text;
  std::array<char, 4096> buffer;
  for (std::size_t got; (got = std::fread(buffer.data(), 1, buffer.size(), output)) > 0;) {
    text.append(buffer.data(), got);
  }
  const int status = ::pclose(output);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), text};
}

}  // namespace halo::system_test
