// SPDX-License-Identifier: MIT
#include "engine/sources/file_source.h"

#include <sys/stat.h>
#include <zlib.h>
#include <zstd.h>

#include <catch2/catch.hpp>

#include "engine/sources/byte_source.h"
#include "tests/unit/sources/temp_folder.h"

namespace halo {
namespace {

std::string Gzip(std::string_view text) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string Zstd(std::string_view text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
  return out;
}

// The bytes up to the end or an error, whose message goes to `error`.
std::string ReadAll(ByteSource& source, std::string* error = nullptr) {
  std::string all;
  std::vector<char> piece(300'000);
  // Reads pieces of different sizes, the first of one byte.
  for (std::size_t room = 1;; room = room * 7 % piece.size() + 1) {
    std::size_t got = 0;
    const Result<void> read = source.Read(std::span(piece).first(room), got);
    REQUIRE(got <= room);
    all.append(piece.data(), got);
    if (!read && error) *error = read.error().message;
    if (!read || got == 0) return all;
  }
}

std::unique_ptr<ByteSource> Open(const std::string& path,
                                 const std::optional<SourcePosition>& known = {}) {
  auto source = OpenFile(path, known);
  REQUIRE(source.has_value());
  return source->has_value() ? std::move(**source) : nullptr;
}

std::string LongText() {
  std::string text;
  for (std::int64_t i = 0; text.size() < 5'000'000; ++i) text += std::to_string(i * 7919) + '\n';
  return text;
}

TEST_CASE("plain, gzip and zstd files are detected whatever their names") {
  const TempFolder folder;
  const std::string text = LongText();
  const std::string half = text.substr(text.size() / 2);
  const std::string start = text.substr(0, text.size() / 2);
  CHECK((ReadAll(*Open(folder.Write("plain.gz", text))) == text));
  CHECK((ReadAll(*Open(folder.Write("a", Gzip(text)))) == text));
  CHECK((ReadAll(*Open(folder.Write("b", Zstd(text)))) == text));
  CHECK((ReadAll(*Open(folder.Write("members", Gzip(start) + Gzip("") + Gzip(half)))) == text));
  CHECK((ReadAll(*Open(folder.Write("frames", Zstd(start) + Zstd("") + Zstd(half)))) == text));
  CHECK((ReadAll(*Open(folder.Write("padded", Gzip(text) + std::string(700, '\0')))) == text));
  CHECK(ReadAll(*Open(folder.Write("empty", ""))).empty());
  CHECK((ReadAll(*OpenBytes("x", Gzip(text))) == text));
}

TEST_CASE("a corrupt or truncated compressed file gives its valid part and then an error") {
  const TempFolder folder;
  const std::string text = LongText();
  for (const std::string& packed : {Gzip(text), Zstd(text)}) {
    std::string error;
    const std::string got =
        ReadAll(*Open(folder.Write("cut", packed.substr(0, packed.size() / 2))), &error);
    CHECK(!got.empty());
    CHECK((text.substr(0, got.size()) == got));
    CHECK_THAT(error, Catch::Matchers::Contains("truncated"));
    std::string broken = packed;
    for (std::size_t i = packed.size() / 2; i < packed.size() / 2 + 64; ++i) broken[i] = '\x55';
    error.clear();
    CHECK(
        (text.starts_with(ReadAll(*Open(folder.Write("broken", broken)), &error).substr(0, 1000))));
    CHECK(!error.empty());
  }
}

TEST_CASE("a file that was read completely is only opened again if it changed") {
  const TempFolder folder;
  const std::string path = folder.Write("a.jsonl", "{\"a\":1}\n");
  auto source = Open(path);
  CHECK(ReadAll(*source) == "{\"a\":1}\n");
  const SourcePosition known = source->PositionAt(8, true);
  CHECK(known.resumable);
  CHECK(Open(path, known) == nullptr);

  SECTION("grown: only the new part is read") {
    folder.Append("a.jsonl", "{\"b\":2}\n");
    auto again = Open(path, known);
    REQUIRE(again);
    CHECK(again->start_offset() == 8);
    CHECK(ReadAll(*again) == "{\"b\":2}\n");
    CHECK(Open(path, again->PositionAt(16, true)) == nullptr);
  }
  SECTION("an incomplete last line is read again once it is complete") {
    folder.Append("a.jsonl", "{\"b\":");
    auto again = Open(path, known);
    ReadAll(*again);
    const SourcePosition kept_back = again->PositionAt(8, true);
    CHECK(Open(path, kept_back) == nullptr);
    folder.Append("a.jsonl", "2}\n");
    CHECK(ReadAll(*Open(path, kept_back)) == "{\"b\":2}\n");
  }
  SECTION("replaced by a longer one: read from the start") {
    folder.Write("a.jsonl", "{\"x\":1}\n{\"y\":2}\n");
    auto again = Open(path, known);
    CHECK(again->start_offset() == 0);
    CHECK(ReadAll(*again) == "{\"x\":1}\n{\"y\":2}\n");
  }
  SECTION("shrunk: read from the start") {
    folder.Write("a.jsonl", "{}\n");
    CHECK(ReadAll(*Open(path, known)) == "{}\n");
  }
  SECTION("not finished: resumes at the stored position") {
    SourcePosition unfinished = known;
    unfinished.complete = false;
    CHECK(Open(path, unfinished)->start_offset() == 8);
  }
}

TEST_CASE("compressed files are read from the start when they change") {
  const TempFolder folder;
  const std::string path = folder.Write("a.gz", Gzip("{\"a\":1}\n"));
  auto source = Open(path);
  ReadAll(*source);
  const SourcePosition known = source->PositionAt(8, true);
  CHECK(!known.resumable);
  CHECK(Open(path, known) == nullptr);
  folder.Append("a.gz", Gzip("{\"b\":2}\n"));
  CHECK(ReadAll(*Open(path, known)) == "{\"a\":1}\n{\"b\":2}\n");
}

TEST_CASE("the error for an unreadable or irregular file names it") {
  const TempFolder folder;
  const auto message = [](const std::string& path) {
    const auto source = OpenFile(path, {});
    return source ? "opened" : source.error().message;
  };
  CHECK(message(folder.Path("none")) == folder.Path("none") + ": No such file or directory");
  CHECK(message(folder.Path("")) == folder.Path("") + ": not a regular file");
  REQUIRE(mkfifo(folder.Path("fifo").c_str(), 0600) == 0);
  CHECK(message(folder.Path("fifo")) == folder.Path("fifo") + ": not a regular file");
  CHECK(message("/dev/zero") == "/dev/zero: not a regular file");
}

}  // namespace
}  // namespace halo
