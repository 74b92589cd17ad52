// SPDX-License-Identifier: MIT
#include "engine/ingest/follower.h"

#include <sys/stat.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <system_error>
#include <thread>
#include <utility>

#include "engine/base/clock.h"
#include "engine/ingest/refuse_source.h"
#include "engine/ingest/rotation.h"
#include "engine/ingest/source_reader.h"
#include "engine/sources/byte_source.h"
#include "engine/sources/file_source.h"
#include "engine/sources/list_files.h"

namespace halo {
namespace {

// Collects changes, so that a writer that appends line by line does not cost a transaction per
// line.
constexpr std::chrono::milliseconds kGather(3);
constexpr std::size_t kMaxTroubles = 20;
constexpr std::string_view kFileKey = "file:";

std::int64_t Nanoseconds(const timespec& time) {
  return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

bool SameTroubles(const FollowStatus& one, const FollowStatus& other) {
  return one.more == other.more &&
         std::equal(one.troubles.begin(), one.troubles.end(), other.troubles.begin(),
                    other.troubles.end(), [](const FollowTrouble& a, const FollowTrouble& b) {
                      return a.path == b.path && a.since_ns == b.since_ns;
                    });
}

}  // namespace

Follower::Follower(Store& store, const Rules& rules, int threads,
                   std::span<const std::string> paths, FollowOptions options, FollowBoard& board)
    : store_(store),
      rules_(rules),
      threads_(threads),
      paths_(paths.begin(), paths.end()),
      options_(std::move(options)),
      board_(board),
      watcher_(paths_),
      replacements_(store.replacements()) {}

void Follower::Run() {
  // Reserves space for a notice while there is some. If that fails, other processes get no status.
  [[maybe_unused]] const Result<void> room = store_.PostNotice("");
  while (!options_.stop.stop_requested()) {
    const std::int64_t begun_ns = NowNs();
    Result<void> done;
    try {
      done = Round();
    } catch (const std::exception& failure) {  // out of memory or threads
      done = Error{Code::kUnavailable, failure.what()};
    }
    if (options_.stop.stop_requested()) break;
    if (done) {
      failing_store_.reset();
    } else {
      // Data read from these files may not have been stored; the store has the last position.
      for (File* file : unsettled_) file->seen = {};
      pipeline_.reset();
      const bool first = !failing_store_;
      Fail(failing_store_, done.error().message);
      if (first) failing_store_->since_ns = begun_ns;
    }
    unsettled_.clear();
    Publish();
    if (done) {
      watcher_.Wait(options_.pace.poll, options_.stop);
      std::this_thread::sleep_for(kGather);
    } else {
      Pause(failing_store_->pause);
    }
  }
  board_.Set({});
  [[maybe_unused]] const Result<void> cleared = store_.PostNotice("");
}

Result<void> Follower::Round() {
  ++round_;
  if (const Result<void> intact = store_.CheckIntact(); !intact) return intact;
  if (replacements_ != store_.replacements()) {
    replacements_ = store_.replacements();
    files_.clear();
    pipeline_.reset();
  }
  if (!pipeline_) {
    pipeline_ = std::make_unique<Pipeline>(store_, rules_, options_.project, threads_,
                                           options_.pace.patience);
  }
  bool all_listed = true;
  for (const std::string& path : paths_) {
    std::optional<Failing>& failing = failing_paths_[path];
    // Listing a missing path searches its folder for a similar name; once is enough.
    std::error_code ignored;
    const bool still_missing = failing && !std::filesystem::exists(path, ignored);
    const Result<std::vector<std::string>> files =
        still_missing ? Error{Code::kNotFound, failing->why} : ListFiles({&path, 1});
    if (!files) {
      all_listed = false;
      Fail(failing, files.error().message);
      continue;
    }
    failing.reset();
    if (Result<void> visited = VisitAll(*files); !visited) return visited;
  }
  std::erase_if(rotated_, [this](const std::string& path) {
    std::error_code ignored;
    const auto file = files_.find(path);
    const bool done = file != files_.end() && file->second.seen.size >= 0 && !file->second.growing;
    return done || !std::filesystem::exists(path, ignored);
  });
  if (Result<void> visited = VisitAll({rotated_.begin(), rotated_.end()}); !visited) return visited;
  if (Result<void> drained = pipeline_->Drain(); !drained || !all_listed) return drained;
  for (const auto& [name, file] : files_) {
    if (file.listed == round_) continue;
    if (Result<void> retired = Retire(name, file); !retired) return retired;
  }
  std::erase_if(files_, [&](const auto& entry) { return entry.second.listed != round_; });
  return {};
}

Result<void> Follower::VisitAll(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (options_.stop.stop_requested()) return {};
    File& file = files_[name];
    if (std::exchange(file.listed, round_) == round_) continue;
    if (Result<void> visited = Visit(name, file); !visited) return visited;
  }
  return {};
}

Follower::FileState Follower::StateOf(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return {};
  return {status.st_size, Nanoseconds(status.st_mtim), Nanoseconds(status.st_ctim), status.st_ino};
}

Result<void> Follower::Visit(const std::string& path, File& file) {
  const FileState now = StateOf(path);
  if (file.key.empty() || now.inode != file.inode) {
    const Result<std::string> real = SourceKey(path);
    if (!real) return {};  // deleted since it was listed
    std::string key = KeyInProject(*real, options_.project);
    if (!file.key.empty() && key != file.key) {
      // A link that points to another file now.
      rotated_.insert(file.target);
      file.lease.reset();
      file.seen = {};
    }
    file.key = std::move(key);
    file.target = real->substr(kFileKey.size());
    file.inode = now.inode;
  }
  if (!file.lease) {
    Result<std::unique_ptr<Lease>> lease = store_.TryLease("follow " + file.key);
    if (!lease) return lease.error();
    if (!*lease) return {};  // another process follows it, or it is listed under another name
    file.lease = std::move(*lease);
  }
  const bool quiet = NowNs() - now.mtime_ns >= rules_.config.settle.abandoned_ns;
  const bool due = now != file.seen || (file.growing && quiet) ||
                   (file.failing && Clock::now() >= file.failing->retry);
  if (!due) return {};
  unsettled_.push_back(&file);
  file.seen = now;
  std::optional<Error> error;
  if (Result<void> read = Read(path, file, !quiet, error); !read) return read;
  if (error) return Skip(path, file, *error);
  file.failing.reset();
  return {};
}

// `error` is set to an error of the file; an error of the store is returned.
Result<void> Follower::Read(const std::string& path, File& file, bool growing,
                            std::optional<Error>& error) {
  auto known = store_.Source(file.key);
  if (!known) return known.error();
  if (*known && (*known)->offset > 0) {
    const Result<bool> rotated = FindRotated(path, file, **known);
    if (!rotated) return rotated.error();
    if (*rotated) known = std::optional<SourcePosition>();
  }
  const Result<std::optional<std::unique_ptr<ByteSource>>> opened = OpenFile(path, *known);
  if (!opened) {
    error = opened.error();
    return {};
  }
  file.growing = growing && *opened;
  if (!*opened) return {};
  const Result<SourceRead> read = ReadSource(***opened, [&](std::string_view) { return file.key; },
                                             path, growing, *pipeline_, options_.stop, {});
  if (read) {
    error = read->broken;
    if (read->no_traces.empty()) return {};
    // A file among traces, such as a README, is not an error, unless it was named explicitly.
    file.growing = false;
    const bool named = std::find(paths_.begin(), paths_.end(), path) != paths_.end();
    if (named) error = Error{Code::kUnsupported, read->no_traces};
    return {};
  }
  // If it was an error of the store, the pipeline returns it.
  if (Result<void> drained = pipeline_->Drain(); !drained) return drained;
  error = read.error();
  return {};
}

Result<bool> Follower::FindRotated(const std::string& path, const File& file,
                                   const SourcePosition& known) {
  if (!known.resumable || HoldsRead(path, known)) return false;
  for (const std::string& copy : FindCopies(path, known)) {
    const Result<std::string> key = SourceKey(copy);
    if (!key) continue;
    const Result<bool> moved = store_.MoveSource(file.key, KeyInProject(*key, options_.project));
    if (!moved) return moved.error();
    if (!*moved) continue;  // it has been read under its new name
    rotated_.insert(copy);
    return true;
  }
  return false;
}

Result<void> Follower::Retire(const std::string& path, const File& file) {
  std::error_code ignored;
  if (file.key.empty() || std::filesystem::exists(path, ignored)) return {};
  const auto known = store_.Source(file.key);
  if (!known) return known.error();
  if (!*known) return {};
  for (const std::string& copy : FindCopies(path, **known)) {
    const Result<std::string> key = SourceKey(copy);
    if (!key) continue;
    const Result<bool> moved = store_.MoveSource(file.key, KeyInProject(*key, options_.project));
    if (!moved) return moved.error();
    if (*moved) {
      rotated_.insert(copy);
      return {};
    }
    // It has been read under its new name, and its losses have been counted there.
    Batch batch;
    batch.source = **known;
    batch.source->clear_rejects_from = 0;
    const Result<AppendReceipt> cleared = store_.Append({&batch, 1}, options_.pace.patience);
    if (!cleared) return cleared.error();
    return {};
  }
  return {};
}

Result<void> Follower::Skip(const std::string& path, File& file, const Error& error) {
  file.growing = false;
  if (error.code == Code::kNotFound) {
    file.seen = {};
    file.failing.reset();
    return {};
  }
  // An error of the content persists until the file changes.
  const bool of_content = error.code == Code::kUnsupported || error.code == Code::kCorrupt;
  const bool first = !file.failing;
  if (of_content) {
    file.failing.reset();
  } else {
    Fail(file.failing, error.message);
    if (!first) return {};
    // If part of it is stored, refusing it would restart it from the beginning.
    const auto known = store_.Source(file.key);
    if (!known) return known.error();
    if (*known && (*known)->offset > 0) return {};
  }
  return RefuseSource(store_, file.key, error, path, options_.pace.patience);
}

void Follower::Fail(std::optional<Failing>& failing, const std::string& why) {
  if (!failing) {
    failing = Failing();
    failing->since_ns = NowNs();
  }
  failing->why = why;
  failing->pause =
      std::clamp(failing->pause * 2, options_.pace.first_retry, options_.pace.longest_retry);
  failing->retry = Clock::now() + failing->pause;
}

void Follower::Publish() {
  FollowStatus status;
  const auto add = [&](const std::string& path, const Failing& failing) {
    if (status.troubles.size() == kMaxTroubles) {
      ++status.more;
    } else {
      // Most messages start with the path.
      const bool named = !path.empty() && failing.why.starts_with(path + ": ");
      status.troubles.push_back(
          {path, named ? failing.why.substr(path.size() + 2) : failing.why, failing.since_ns});
    }
  };
  if (failing_store_) add("", *failing_store_);
  for (const auto& [path, failing] : failing_paths_) {
    if (failing) add(path, *failing);
  }
  for (const auto& [path, file] : files_) {
    if (file.failing) add(path, *file.failing);
  }
  const FollowStatus before = board_.Get();
  if (status.troubles == before.troubles && status.more == before.more) return;
  board_.Set(status);
  [[maybe_unused]] const Result<void> posted = store_.PostNotice(EncodeTroubles(status));
  if (options_.on_change && !SameTroubles(before, status)) options_.on_change(status);
}

void Follower::Pause(std::chrono::milliseconds time) {
  const Clock::time_point until = Clock::now() + time;
  while (!options_.stop.stop_requested()) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
    if (left.count() <= 0) return;
    watcher_.Wait(left, options_.stop);
    std::this_thread::sleep_for(kGather);
  }
}

}  // namespace halo
