// SPDX-License-Identifier: MIT
#include "engine/store/sqlite/page_checks.h"

#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <new>
#include <vector>

namespace halo {
namespace {

constexpr const char* kName = "halo-checked";
constexpr int kWatch = 0x48414c;  // our own file control; those below 100 are SQLite's
constexpr int kSmallestPage = 512;

// A database file. The file object of the default VFS follows it in memory.
struct PageFile {
  sqlite3_file base;
  DamageLog* log;
  OnBadPage mode;
  bool has_room;  // its pages end with our bytes; other databases have none
};

struct Watch {
  DamageLog* log;
  OnBadPage mode;
};

sqlite3_file* Real(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(reinterpret_cast<PageFile*>(file) + 1);
}

bool IsPage(int amount, sqlite3_int64 offset) {
  return amount >= kSmallestPage && std::has_single_bit(static_cast<unsigned>(amount)) &&
         offset % amount == 0;
}

std::uint64_t CheckOf(const void* page, int size, sqlite3_int64 offset) {
  return XXH3_64bits_withSeed(page, static_cast<std::size_t>(size - kPageCheckBytes),
                              static_cast<std::uint64_t>(offset));
}

// A page that was never written, in a file that grew past it.
bool IsBlank(const char* page, int size) {
  return std::all_of(page, page + size, [](char c) { return c == 0; });
}

bool Sound(const char* page, int size, sqlite3_int64 offset) {
  std::uint64_t stored = 0;
  std::memcpy(&stored, page + size - kPageCheckBytes, sizeof stored);
  return stored == CheckOf(page, size, offset) || IsBlank(page, size);
}

// The number of free bytes at the end of each page, from the header.
void LookForRoom(PageFile& file, const void* bytes, int amount, sqlite3_int64 offset) {
  constexpr int kFreeBytesAt = 20;
  if (offset != 0 || amount <= kFreeBytesAt) return;
  file.has_room = static_cast<const char*>(bytes)[kFreeBytesAt] == kPageCheckBytes;
}

// SQLite reads the first page with the size that it expects, and reads it again if the header has
// another size. This happens if the file was empty when it was opened and another process has since
// written the first page. The first of these reads gets part of a page, which has no checksum.
bool IsPartOfFirstPage(const void* bytes, int amount, sqlite3_int64 offset) {
  constexpr int kPageSizeAt = 16;
  if (offset != 0) return false;
  const auto* const head = static_cast<const unsigned char*>(bytes) + kPageSizeAt;
  const int size = head[0] << 8 | head[1];
  return size > amount && IsPage(size, 0);
}

int Close(sqlite3_file* file) { return Real(file)->pMethods->xClose(Real(file)); }

int Read(sqlite3_file* file, void* into, int amount, sqlite3_int64 offset) {
  const int code = Real(file)->pMethods->xRead(Real(file), into, amount, offset);
  if (code != SQLITE_OK) return code;
  auto* const pages = reinterpret_cast<PageFile*>(file);
  LookForRoom(*pages, into, amount, offset);
  // A watched file must have room, whatever its header says.
  if (!IsPage(amount, offset) || (!pages->has_room && !pages->log)) return code;
  if (IsPartOfFirstPage(into, amount, offset)) return code;
  if (Sound(static_cast<const char*>(into), amount, offset)) return code;
  if (pages->log) pages->log->Note(StoredPart::kPage, offset / amount + 1);
  return pages->mode == OnBadPage::kReadOn ? SQLITE_OK : SQLITE_IOERR_DATA;
}

int Write(sqlite3_file* file, const void* from, int amount, sqlite3_int64 offset) {
  auto* const pages = reinterpret_cast<PageFile*>(file);
  LookForRoom(*pages, from, amount, offset);
  if (!IsPage(amount, offset) || !pages->has_room) {
    return Real(file)->pMethods->xWrite(Real(file), from, amount, offset);
  }
  try {
    thread_local std::vector<char> page;
    const auto* const bytes = static_cast<const char*>(from);
    page.assign(bytes, bytes + amount);
    const std::uint64_t check = CheckOf(from, amount, offset);
    std::memcpy(page.data() + amount - kPageCheckBytes, &check, sizeof check);
    return Real(file)->pMethods->xWrite(Real(file), page.data(), amount, offset);
  } catch (const std::bad_alloc&) {
    return SQLITE_IOERR_NOMEM;
  }
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  return Real(file)->pMethods->xTruncate(Real(file), size);
}
int Sync(sqlite3_file* file, int flags) { return Real(file)->pMethods->xSync(Real(file), flags); }
int FileSize(sqlite3_file* file, sqlite3_int64* size) {
  return Real(file)->pMethods->xFileSize(Real(file), size);
}
int Lock(sqlite3_file* file, int level) { return Real(file)->pMethods->xLock(Real(file), level); }
int Unlock(sqlite3_file* file, int level) {
  return Real(file)->pMethods->xUnlock(Real(file), level);
}
int CheckReservedLock(sqlite3_file* file, int* held) {
  return Real(file)->pMethods->xCheckReservedLock(Real(file), held);
}
int FileControl(sqlite3_file* file, int what, void* value) {
  if (what != kWatch) return Real(file)->pMethods->xFileControl(Real(file), what, value);
  const auto* const watch = static_cast<const Watch*>(value);
  auto* const pages = reinterpret_cast<PageFile*>(file);
  pages->log = watch->log;
  pages->mode = watch->mode;
  return SQLITE_OK;
}
int SectorSize(sqlite3_file* file) { return Real(file)->pMethods->xSectorSize(Real(file)); }
int DeviceCharacteristics(sqlite3_file* file) {
  return Real(file)->pMethods->xDeviceCharacteristics(Real(file));
}
int ShmMap(sqlite3_file* file, int region, int size, int extend, void volatile** memory) {
  return Real(file)->pMethods->xShmMap(Real(file), region, size, extend, memory);
}
int ShmLock(sqlite3_file* file, int offset, int count, int flags) {
  return Real(file)->pMethods->xShmLock(Real(file), offset, count, flags);
}
void ShmBarrier(sqlite3_file* file) { Real(file)->pMethods->xShmBarrier(Real(file)); }
int ShmUnmap(sqlite3_file* file, int remove) {
  return Real(file)->pMethods->xShmUnmap(Real(file), remove);
}

// Version 2 has no memory-mapped reads, which would pass the check.
constexpr sqlite3_io_methods kMethods = {2,
                                         Close,
                                         Read,
                                         Write,
                                         Truncate,
                                         Sync,
                                         FileSize,
                                         Lock,
                                         Unlock,
                                         CheckReservedLock,
                                         FileControl,
                                         SectorSize,
                                         DeviceCharacteristics,
                                         ShmMap,
                                         ShmLock,
                                         ShmBarrier,
                                         ShmUnmap,
                                         nullptr,
                                         nullptr};

int Open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  sqlite3_vfs* const under = sqlite3_vfs_find(nullptr);
  // Journals have checksums of their own.
  if ((flags & SQLITE_OPEN_MAIN_DB) == 0) return under->xOpen(under, name, file, flags, out_flags);
  auto* const pages = new (file) PageFile{};
  const int code = under->xOpen(under, name, Real(file), flags, out_flags);
  if (Real(file)->pMethods) pages->base.pMethods = &kMethods;
  return code;
}

}  // namespace

const char* CheckedVfs() {
  static std::once_flag once;
  static sqlite3_vfs vfs;  // SQLite keeps a pointer to it
  std::call_once(once, [] {
    sqlite3_initialize();
    vfs = *sqlite3_vfs_find(nullptr);
    vfs.zName = kName;
    vfs.szOsFile += static_cast<int>(sizeof(PageFile));
    vfs.xOpen = Open;
    sqlite3_vfs_register(&vfs, 0);
  });
  return kName;
}

void WatchPages(sqlite3* connection, DamageLog& log, OnBadPage mode) {
  Watch watch{&log, mode};
  sqlite3_file_control(connection, "main", kWatch, &watch);
}

}  // namespace halo
