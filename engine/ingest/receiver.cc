// SPDX-License-Identifier: MIT
#include "engine/ingest/receiver.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <optional>
#include <span>
#include <system_error>
#include <utility>

#include "engine/base/clock.h"
#include "engine/framing/framer.h"
#include "engine/importers/importer.h"
#include "engine/importers/otlp_json.h"
#include "engine/importers/otlp_protobuf.h"
#include "engine/ingest/batch_builder.h"
#include "engine/model/reject_reasons.h"

namespace halo {
namespace {

// A reader that read a larger message is not kept, so that its memory is freed.
constexpr std::uint64_t kMaxKeptBytes = 4 << 20;
constexpr std::size_t kMaxKeptReaders = 8;
// Counts of one kind that one transaction adds.
constexpr std::int64_t kMaxCounted = 1000;

// A message with more parts that cannot be read is refused as a whole, so that a small one cannot
// make many rejects.
constexpr std::size_t kMaxRefusedParts = 1000;

// RFC 9659 limits the window of zstd as a content encoding to 8 MB.
constexpr int kMaxWindowLog = 23;

// Who reads what. A signal that nobody reads is acknowledged and counted, but not kept.
constexpr struct {
  Signal signal;
  MessageFormat format;
  const Importer* importer;
} kReaders[] = {
    {Signal::kTraces, MessageFormat::kProtobuf, &kOtlpProtobuf},
    {Signal::kTraces, MessageFormat::kJson, &kOtlpJson},
    {Signal::kLogs, MessageFormat::kProtobuf, &kOtlpLogsProtobuf},
    {Signal::kLogs, MessageFormat::kJson, &kOtlpLogsJson},
};

const Importer* ImporterOf(Signal signal, MessageFormat format) {
  for (const auto& reader : kReaders) {
    if (reader.signal == signal && reader.format == format) return reader.importer;
  }
  return nullptr;
}

// Whether a reject means that the message itself cannot be decoded.
bool IsUndecodable(std::string_view reason) {
  return reason == kInvalidJson || reason == kNotJson || reason == kInvalidProtobuf ||
         reason == kTruncatedInput || reason == kInvalidFraming;
}

// Whether a part was lost as a whole, rather than stored without something.
bool LosesPart(std::string_view reason) {
  return reason == kMissingTraceId || reason == kMissingSpanId || reason == kInvalidTimestamp ||
         reason == kWrongType || reason == kNotASpan || reason == kSpanTooLarge;
}

// Whether the sender did nothing wrong, and should not be warned with each export.
bool IsNoFault(std::string_view reason) {
  return reason == kLogsOfNoRun || reason == kMetricsNotKept;
}

Acknowledgement Malformed(std::string why) {
  return {Acknowledgement::Status::kMalformed, 0, std::move(why)};
}

Acknowledgement TooLarge() {
  return {Acknowledgement::Status::kTooLarge, 0,
          "Message too large; the limit is " + std::to_string(kMaxReceivedBytes) +
              " bytes once decompressed. Export smaller batches."};
}

Acknowledgement Unavailable(const Error& error) {
  return {Acknowledgement::Status::kUnavailable, 0, error.message};
}

// A response must be valid UTF-8 on one line, whatever the message holds.
void MakePrintable(std::string& text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c >= 0x7f; }, '?');
}

// "missing_trace_id (2): span chat: traceId; ..."
std::string DescribeRejects(const std::vector<Reject>& rejects) {
  std::map<std::string_view, std::pair<std::int64_t, std::string_view>> reasons;
  for (const Reject& reject : rejects) {
    if (IsNoFault(reject.reason)) continue;
    auto& [count, detail] = reasons[reject.reason];
    if (count++ == 0) detail = reject.detail;
  }
  std::string text;
  for (const auto& [reason, first] : reasons) {
    text.append(text.empty() ? "" : "; ").append(reason);
    text.append(" (" + std::to_string(first.first) + "): ").append(first.second);
  }
  MakePrintable(text);
  return text;
}

StoredBytes BytesOf(std::string_view body) {
  return [body](std::span<char> into, std::size_t& got) mutable -> Result<void> {
    got = std::min(into.size(), body.size());
    std::memcpy(into.data(), body.data(), got);
    body.remove_prefix(got);
    return {};
  };
}

// Passes on what is read, but no more rejects than a message may have.
class LimitedSink final : public SpanSink {
 public:
  explicit LimitedSink(SpanSink& next) : next_(next) {}
  void OnSpan(const Span& span) override { next_.OnSpan(span); }
  void OnReject(Reject reject) override {
    if (++rejects_ <= kMaxRefusedParts) next_.OnReject(std::move(reject));
  }
  bool overflows() const { return rejects_ > kMaxRefusedParts; }
  void Clear() { rejects_ = 0; }

 private:
  SpanSink& next_;
  std::size_t rejects_ = 0;
};

}  // namespace

// What a thread needs to decode messages.
class Receiver::Reader {
 public:
  Reader(const Rules& rules, std::string_view project)
      : project_(project), builder_(rules, project_) {}

  const std::string& project() const { return project_; }
  // Decompressed bytes of the largest message so far.
  std::uint64_t largest() const { return largest_; }
  // Why the last message was not accepted, in words that hold nothing of it.
  const std::string& why() const { return why_; }

  // Reads a message into `batch`, unless it is malformed or too large.
  Acknowledgement Read(const Importer& importer, const ReceivedMessage& message, Batch& batch) {
    const std::unique_ptr<Framer> framer = MakeFramer(importer.framing);
    const std::unique_ptr<Decoder> decoder =
        MakeDecoder(message.encoding, BytesOf(message.body), kMaxWindowLog);
    RecordReader& reader = ReaderOf(importer);
    std::vector<RecordBatch> records;
    std::uint64_t bytes = 0;
    has_value_ = has_content_ = false;
    sink_.Clear();
    while (true) {
      std::size_t got = 0;
      if (const Result<void> read = decoder->Read(framer->Prepare(), got); !read) {
        builder_.Take();
        why_ = kCorruptCompression;
        return Malformed("Invalid Content-Encoding: " + read.error().message + ".");
      }
      if (got == 0) break;
      bytes += got;
      largest_ = std::max(largest_, bytes);
      if (bytes >= kMaxReceivedBytes) {
        builder_.Take();
        why_ = kRecordTooLarge;
        return TooLarge();
      }
      framer->Commit(got, records);
      Pass(reader, records);
    }
    framer->Finish(false, records);
    Pass(reader, records);
    batch = builder_.Take();
    if (sink_.overflows()) {
      why_ = batch.rejects.front().reason;
      return Malformed("More than " + std::to_string(kMaxRefusedParts) +
                       " parts cannot be read: " + DescribeRejects(batch.rejects) + ".");
    }
    // An empty message is no bytes in protobuf, and an empty object in JSON.
    why_ = kInvalidJson;
    if (!has_value_ && message.format == MessageFormat::kJson) return Malformed("Empty body.");
    if (!has_content_) return {};
    return Judge(batch);
  }

 private:
  RecordReader& ReaderOf(const Importer& importer) {
    auto& reader = readers_[&importer];
    if (!reader) reader = importer.make_reader();
    return *reader;
  }

  void Pass(RecordReader& reader, std::vector<RecordBatch>& batches) {
    for (RecordBatch& each : batches) {
      for (std::size_t i = 0; i < each.records.size(); ++i) {
        has_value_ = true;
        if (each.records[i].bytes == "{}") continue;
        has_content_ = true;
        builder_.SetClipped(each.clipped[i]);
        reader.Read(each.records[i], sink_);
      }
      for (Reject& reject : each.rejects) {
        has_value_ = has_content_ = true;
        sink_.OnReject(std::move(reject));
      }
    }
    batches.clear();
  }

  Acknowledgement Judge(Batch& batch) {
    Acknowledgement acknowledgement;
    if (batch.rejects.empty()) return acknowledgement;
    std::string what = DescribeRejects(batch.rejects);
    for (Reject& reject : batch.rejects) {
      why_ = reject.reason;
      if (reject.reason == kRecordTooLarge) return TooLarge();
      if (IsUndecodable(reject.reason) || (reject.reason == kNotASpan && batch.segments.empty())) {
        return Malformed("Cannot be decoded: " + what + ".");
      }
      acknowledgement.refused += LosesPart(reject.reason);
      reject.offset = 0;  // those of all messages are counted together
    }
    acknowledgement.message = std::move(what);
    return acknowledgement;
  }

  const std::string project_;
  BatchBuilder builder_;
  LimitedSink sink_{builder_};
  std::map<const Importer*, std::unique_ptr<RecordReader>> readers_;
  std::uint64_t largest_ = 0;
  bool has_value_ = false, has_content_ = false;  // of the current message
  std::string why_;
};

Receiver::Receiver(Store& store, const Rules& rules, ReceiverPace pace)
    : store_(store), rules_(rules), pace_(pace) {}

Receiver::~Receiver() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake_.notify_one();
  if (committer_.joinable()) committer_.join();
}

void Receiver::Receive(const ReceivedMessage& message, Acknowledge acknowledge) {
  const Importer* const importer = ImporterOf(message.signal, message.format);
  if (!importer) {
    Count(kMetricsNotKept, {});
    return acknowledge({});
  }
  Acknowledgement acknowledgement;
  Batch batch;
  std::string why;
  try {
    std::unique_ptr<Reader> reader = TakeReader(message.project);
    acknowledgement = reader->Read(*importer, message, batch);
    why = reader->why();
    KeepReader(std::move(reader));
  } catch (const std::bad_alloc&) {
    return acknowledge(Unavailable({Code::kUnavailable, "out of memory"}));
  }
  if (acknowledgement.status != Acknowledgement::Status::kAccepted) {
    Count(kRequestRefused, why);
    return acknowledge(std::move(acknowledgement));
  }
  if (batch.segments.empty() && batch.rejects.empty()) {
    return acknowledge(std::move(acknowledgement));
  }
  batch.arrived_ns = NowNs();
  Enqueue(std::move(batch), {std::move(acknowledgement), std::move(acknowledge)});
}

void Receiver::Count(std::string_view reason, std::string_view detail) {
  const std::lock_guard lock(mutex_);
  Uncounted& count = counts_[std::string(reason)];
  if (count.count++ == 0) count.detail = detail.substr(0, 200);
  counting_ = true;
  Wake();
}

std::unique_ptr<Receiver::Reader> Receiver::TakeReader(std::string_view project) {
  {
    const std::lock_guard lock(mutex_);
    for (auto& reader : idle_) {
      if (reader->project() != project) continue;
      std::swap(reader, idle_.back());
      std::unique_ptr<Reader> taken = std::move(idle_.back());
      idle_.pop_back();
      return taken;
    }
  }
  return std::make_unique<Reader>(rules_, project);
}

void Receiver::KeepReader(std::unique_ptr<Reader> reader) {
  if (reader->largest() > kMaxKeptBytes) return;
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kMaxKeptReaders) idle_.push_back(std::move(reader));
}

void Receiver::Enqueue(Batch batch, Waiting waiting) {
  {
    const std::lock_guard lock(mutex_);
    if (Wake()) {
      batches_.push_back(std::move(batch));
      waiting_.push_back(std::move(waiting));
      return;
    }
  }
  waiting.acknowledge(
      Unavailable({Code::kUnavailable, "no thread can be started that would store it"}));
}

bool Receiver::Wake() {
  try {
    if (!committer_.joinable()) committer_ = std::thread([this] { Commit(); });
  } catch (const std::system_error&) {
    return false;
  }
  wake_.notify_one();
  return true;
}

Batch Receiver::BatchOfCounts() {
  Batch batch;
  batch.arrived_ns = NowNs();
  for (const auto& [reason, count] : counts_) {
    for (std::int64_t i = std::min(count.count, kMaxCounted); i > 0; --i) {
      batch.rejects.push_back({reason, 0, count.detail});
    }
  }
  counting_ = false;
  return batch;
}

void Receiver::ForgetCounts(const Batch& stored) {
  for (const Reject& reject : stored.rejects) {
    const auto count = counts_.find(reject.reason);
    if (--count->second.count == 0) counts_.erase(count);
  }
  counting_ = counting_ || !counts_.empty();
}

std::vector<Result<void>> Receiver::Append(std::span<const Batch> batches) {
  const auto append = [&](std::span<const Batch> some) -> Result<void> {
    const Result<AppendReceipt> stored =
        store_.Append(some, pace_.patience, Durability::kPowerLoss);
    if (!stored) return stored.error();
    return {};
  };
  const Result<void> together = append(batches);
  std::vector<Result<void>> results(batches.size(), together);
  if (together || together.error().code == Code::kUnavailable) return results;
  // One that the store does not take must not fail the others.
  for (std::size_t i = 0; i < batches.size(); ++i) results[i] = append(batches.subspan(i, 1));
  return results;
}

void Receiver::Commit() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [&] { return closing_ || !batches_.empty() || counting_; });
    if (batches_.empty() && !counting_) return;
    std::vector<Batch> batches = std::exchange(batches_, {});
    std::vector<Waiting> waiting = std::exchange(waiting_, {});
    batches.push_back(BatchOfCounts());
    lock.unlock();
    const std::vector<Result<void>> results = Append(batches);
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      if (!results[i]) waiting[i].acknowledgement = Unavailable(results[i].error());
    }
    lock.lock();
    const Result<void>& counted = results.back();
    if (counted) {
      ForgetCounts(batches.back());
    } else if (counted.error().code == Code::kUnavailable) {
      // What came meanwhile would only wait as long again.
      for (Waiting& late : waiting_) {
        late.acknowledgement = Unavailable(counted.error());
        waiting.push_back(std::move(late));
      }
      waiting_.clear();
      batches_.clear();
    }
    lock.unlock();
    batches.clear();
    for (Waiting& each : waiting) each.acknowledge(std::move(each.acknowledgement));
    waiting.clear();
    lock.lock();
  }
}

}  // namespace halo
