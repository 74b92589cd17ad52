// SPDX-License-Identifier: MIT
// The border between this folder, which throws, and its callers, which get a Result.
#pragma once

#include <new>
#include <stdexcept>
#include <type_traits>

#include "engine/base/result.h"
#include "engine/store/sqlite/damage_log.h"
#include "engine/store/sqlite/database.h"
#include "engine/store/sqlite/stored_block.h"
#include "engine/store/sqlite/write_log.h"

namespace halo {

inline constexpr const char* kDamaged =
    "the store is damaged; run `halo-mcp doctor --repair`, then ingest the same files again";

// Runs a verb and converts its exceptions to an Error. Records the damage that it met.
template <class Verb>
auto Guarded(DamageLog& damage, Verb&& verb) -> decltype(verb()) {
  try {
    return verb();
  } catch (const SqliteError& error) {
    return ToError(error);
  } catch (const DamagedPart& part) {
    damage.Note(part.part, part.id);
    return part.error;
  } catch (const StoreException& failure) {
    // The missing item may be in a damaged part.
    if (failure.error.code == Code::kNotFound && damage.any()) {
      return Error{Code::kCorrupt, failure.error.message + "; " + kDamaged};
    }
    return failure.error;
  } catch (const std::bad_alloc&) {
    if (damage.any())
      return Error{Code::kCorrupt, kDamaged};  // it may have been a size read from a damaged part
    return Error{Code::kUnavailable, "out of memory"};
  } catch (const std::length_error&) {
    return Error{Code::kCorrupt, kDamaged};
  }
}

// Result<T> for a T that is not a Result yet.
template <class T>
struct AsResult {
  using Type = Result<T>;
};
template <class T>
struct AsResult<Result<T>> {
  using Type = Result<T>;
};

}  // namespace halo
