// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/paths.h"

#include "sources/bytesource.h"

#include "base/hash.h"
#include "base/text.h"

#include <xxhash.h>

#include <algorithm>
#include <functional>
#include <future>
#include <memory>
#include <span>
#include <system_error>

namespace nightjar::sources {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFiles = 1'000'000;
constexpr std::size_t kPieceBytes = 64U << 20U; ///< hashed by itself
constexpr std::size_t kHands = 2;               ///< pieces hashed at a time: more only wait for the disk

Error pathError(const fs::path &path, const std::error_code &problem)
{
    return systemError("NJ-SOURCES-001", "Cannot read " + path.string(), path, problem.value());
}

bool isHidden(const fs::path &path)
{
    return path.filename().string().starts_with('.');
}

Status walk(const fs::path &folder, std::vector<fs::path> &out)
{
    std::error_code problem;
    std::vector<fs::path> entries;
    for (fs::directory_iterator entry(folder, problem); !problem && entry != fs::directory_iterator();
         entry.increment(problem)) {
        if (!isHidden(entry->path())) {
            entries.push_back(entry->path());
        }
    }
    if (problem) {
        return fail(pathError(folder, problem));
    }
    std::sort(entries.begin(), entries.end());
    for (const fs::path &entry : entries) {
        std::error_code ignored;
        const bool link = fs::is_symlink(entry, ignored);
        if (fs::is_directory(entry, ignored)) {
            if (link) {
                continue; // may lead back here
            }
            if (auto walked = walk(entry, out); !walked) {
                return walked;
            }
        } else if (fs::is_regular_file(entry, ignored)) {
            out.push_back(entry);
        }
        if (out.size() > kMaxFiles) {
            return fail("NJ-SOURCES-002", "Too many files", "there are more than 1,000,000",
                        "Import the folders one by one.");
        }
    }
    return {};
}

/// Every kHands-th piece of a file, from number `hand` on.
Status hashPieces(const fs::path &path, std::vector<std::uint64_t> &digests, std::size_t hand,
                  const CancelToken &cancel)
{
    auto file = FileSource::open(path);
    if (!file) {
        return fail(file.error());
    }
    struct HashFree {
        void operator()(XXH3_state_t *state) const { XXH3_freeState(state); }
    };
    const std::unique_ptr<XXH3_state_t, HashFree> hash(XXH3_createState());
    std::vector<char> buffer(256U << 10U);
    for (std::size_t piece = hand; piece < digests.size(); piece += kHands) {
        XXH3_64bits_reset(hash.get());
        (*file)->seek(piece * kPieceBytes);
        for (std::size_t left = kPieceBytes; left > 0;) {
            if (cancel.cancelled()) {
                return fail("NJ-SOURCES-009", "Stopped", "reading " + path.string() + " was cancelled");
            }
            const auto got = (*file)->read(std::span(buffer).first(std::min(left, buffer.size())));
            if (!got) {
                return fail(got.error());
            }
            if (*got == 0) {
                break;
            }
            XXH3_64bits_update(hash.get(), buffer.data(), *got);
            left -= *got;
        }
        digests[piece] = XXH3_64bits_digest(hash.get());
    }
    return {};
}

} // namespace

Result<std::vector<fs::path>> expandPaths(const std::vector<fs::path> &paths)
{
    std::vector<fs::path> out;
    for (const fs::path &path : paths) {
        if (path == "-") {
            out.push_back(path);
            continue;
        }
        std::error_code problem;
        const fs::file_status status = fs::status(path, problem);
        if (!fs::exists(status)) {
            return fail(
                pathError(path, problem ? problem : std::make_error_code(std::errc::no_such_file_or_directory)));
        }
        if (!fs::is_directory(status)) {
            out.push_back(path);
        } else if (auto walked = walk(path, out); !walked) {
            return fail(walked.error());
        }
    }
    return out;
}

Result<std::string> contentKey(const fs::path &path, const CancelToken &cancel)
{
    auto file = FileSource::open(path);
    if (!file) {
        return fail(file.error());
    }
    if (!(*file)->seekable()) {
        return std::string(); // a pipe can be read once only
    }
    const std::uint64_t size = (*file)->size();
    const std::size_t pieces = std::max<std::size_t>(1, (size + kPieceBytes - 1) / kPieceBytes);
    std::vector<std::uint64_t> digests(pieces);
    std::vector<std::future<Status>> hands;
    for (std::size_t hand = 0; hand < std::min(kHands, pieces); ++hand) {
        hands.push_back(std::async(std::launch::async, hashPieces, std::cref(path), std::ref(digests), hand, cancel));
    }
    Status done;
    for (auto &hand : hands) {
        if (auto one = hand.get(); !one) {
            done = one;
        }
    }
    if (!done) {
        return fail(done.error());
    }
    const std::string_view all(reinterpret_cast<const char *>(digests.data()), pieces * sizeof digests.front());
    const std::uint64_t digest = pieces == 1 ? digests.front() : hash64(all);
    std::string bytes;
    for (unsigned shift = 64; shift > 0; shift -= 8) {
        bytes += static_cast<char>(static_cast<unsigned char>((digest >> (shift - 8)) & 0xFFU));
    }
    return "xxh3-" + std::to_string(size) + "-" + hexEncode(bytes);
}

} // namespace nightjar::sources
