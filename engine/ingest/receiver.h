// SPDX-License-Identifier: MIT
// Stores messages that arrive over the network, each acknowledged once it is durable. Messages that
// wait at the same time are committed together, so that they share a transaction and its fsync
// (group commit). Their traces are live: they settle by their age, unlike those of a file that was
// read to its end.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "engine/ingest/received_message.h"
#include "engine/ingest/rules.h"
#include "engine/model/reject.h"
#include "engine/store/store.h"

namespace halo {

// A message is at most this large once decompressed, in bytes.
inline constexpr std::size_t kMaxReceivedBytes = 32 << 20;

struct ReceiverPace {
  // How long a commit waits for other writers. Exporters give up on a request after 10 s.
  Patience patience{3'000};
};

// Thread-safe. Store and rules must outlive it.
class Receiver {
 public:
  Receiver(Store& store, const Rules& rules, ReceiverPace pace = {});
  ~Receiver();  // first commits and acknowledges what was received
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  // Decodes the message on the calling thread; its body is not used after the call returns.
  void Receive(const ReceivedMessage& message, Acknowledge acknowledge);
  // Counts something that is not kept, under a name of reject_reasons.h. If the store cannot be
  // written, the count is stored later.
  void Count(std::string_view reason, std::string_view detail);

 private:
  class Reader;
  struct Waiting {
    Acknowledgement acknowledgement;
    Acknowledge acknowledge;
  };
  // Counts that are not stored yet, by reason, with the detail of the first.
  struct Uncounted {
    std::int64_t count = 0;
    std::string detail;
  };

  std::unique_ptr<Reader> TakeReader(std::string_view project);
  void KeepReader(std::unique_ptr<Reader> reader);
  void Enqueue(Batch batch, Waiting waiting);
  void Commit();
  // Stores batches, together if possible; the results are in their order.
  std::vector<Result<void>> Append(std::span<const Batch> batches);
  // These need the mutex.
  // False if the system refuses to start the committer.
  bool Wake();
  Batch BatchOfCounts();
  void ForgetCounts(const Batch& stored);

  Store& store_;
  const Rules& rules_;
  const ReceiverPace pace_;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<std::unique_ptr<Reader>> idle_;
  std::vector<Batch> batches_;    // to be committed
  std::vector<Waiting> waiting_;  // for each of them
  std::map<std::string, Uncounted, std::less<>> counts_;
  bool closing_ = false, counting_ = false;
  std::thread committer_;  // started with the first message
};

}  // namespace halo
