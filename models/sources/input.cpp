// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/input.h"

#include "sources/archive.h"
#include "sources/bytesource.h"

#include <xxhash.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace nightjar::sources {

namespace {

constexpr std::size_t kHeadBytes = 64U << 10U;
constexpr std::uint64_t kBombFrom = 256ULL << 20U; ///< smaller results may have any ratio
constexpr std::uint64_t kBombRatio = 1'000;

struct HashFree {
    void operator()(XXH3_state_t *state) const { XXH3_freeState(state); }
};

/// The current member of an archive that lives elsewhere.
class MemberSource : public ByteSource {
public:
    explicit MemberSource(Archive &archive)
        : m_archive(archive)
    {
    }
    Result<std::size_t> read(std::span<char> into) override { return m_archive.read(into); }

private:
    Archive &m_archive;
};

/// The file, shared with the one who tells the progress.
class SharedFile : public ByteSource {
public:
    explicit SharedFile(std::shared_ptr<FileSource> file)
        : m_file(std::move(file))
    {
    }
    Result<std::size_t> read(std::span<char> into) override { return m_file->read(into); }
    bool seek(std::uint64_t position) override { return m_file->seek(position); }
    [[nodiscard]] bool seekable() const override { return m_file->seekable(); }
    [[nodiscard]] std::uint64_t size() const override { return m_file->size(); }

private:
    std::shared_ptr<FileSource> m_file;
};

Error nestedError(const std::string &name, Magic magic)
{
    return Error{"NJ-SOURCES-007", "Cannot read " + name,
                 "it is " + std::string(magicName(magic)) + " inside an archive or a compressed file",
                 Place{name, 0, 0}, "Unpack the outer one first."};
}

class EmptySource : public ByteSource {
public:
    Result<std::size_t> read(std::span<char>) override { return std::size_t{0}; }
};

/// What a gz, bz2, xz or zst file holds.
Result<std::unique_ptr<ByteSource>> decompressed(std::unique_ptr<ByteSource> content, Magic magic,
                                                 const std::string &name)
{
    if (magic == Magic::Gzip) {
        return gunzip(std::move(content), name);
    }
    auto opened = Archive::open(std::move(content), magic, name);
    if (!opened) {
        return fail(opened.error());
    }
    const auto found = (*opened)->next();
    if (!found) {
        return fail(found.error());
    }
    if (!*found) {
        return std::make_unique<EmptySource>();
    }
    return std::move(*opened);
}

} // namespace

struct Input::State {
    std::string path;
    std::shared_ptr<FileSource> file; ///< at the bottom of the chain, which may be gone before it
    std::unique_ptr<ByteSource> single;
    std::unique_ptr<Archive> archive;
    std::unique_ptr<PeekSource> member;
    std::string memberName;
    std::optional<Error> memberError; ///< given by read
    std::optional<Error> bomb;
    std::unique_ptr<XXH3_state_t, HashFree> hash{XXH3_createState()};
    std::uint64_t head = 0;
    std::uint64_t given = 0;
    bool compressed = false;

    [[nodiscard]] std::string label() const { return memberName.empty() ? path : path + '!' + memberName; }
    Status arrange(std::unique_ptr<PeekSource> content);
    Result<std::unique_ptr<ByteSource>> memberContent();
    void beginMember(std::unique_ptr<ByteSource> content);
};

/// Decides by the first bytes what the file is.
Status Input::State::arrange(std::unique_ptr<PeekSource> content)
{
    Magic magic = magicOf(content->peek(file->seekable() ? kMagicBytes : 16));
    compressed = magic != Magic::Plain && magic != Magic::Tar;
    if (compressed && !isArchive(magic)) {
        auto inner = decompressed(std::move(content), magic, path);
        if (!inner) {
            return fail(inner.error());
        }
        content = std::make_unique<PeekSource>(std::move(*inner));
        magic = magicOf(content->peek(kMagicBytes));
        if (magic != Magic::Plain && magic != Magic::Tar) {
            return fail(nestedError(path, magic));
        }
    }
    if (magic == Magic::Plain) {
        single = std::move(content);
        return {};
    }
    auto opened = Archive::open(std::move(content), magic, path);
    if (!opened) {
        return fail(opened.error());
    }
    archive = std::move(*opened);
    return {};
}

/// The bytes of the archive's current member, a compressed member decompressed.
Result<std::unique_ptr<ByteSource>> Input::State::memberContent()
{
    auto content = std::make_unique<PeekSource>(std::make_unique<MemberSource>(*archive));
    const Magic magic = magicOf(content->peek(kMagicBytes));
    if (magic == Magic::Plain) {
        return content;
    }
    if (isArchive(magic)) {
        return fail(nestedError(label(), magic));
    }
    return decompressed(std::move(content), magic, label());
}

void Input::State::beginMember(std::unique_ptr<ByteSource> content)
{
    member = std::make_unique<PeekSource>(std::move(content));
    if (path != "-") {
        std::string beginning(member->peek(kHeadBytes).substr(0, kHeadBytes));
        beginning += '\0';
        beginning += memberName;
        head = XXH3_64bits(beginning.data(), beginning.size());
    }
}

Input::Input(std::unique_ptr<State> state)
    : m_state(std::move(state))
{
}

Input::~Input() = default;

Result<std::unique_ptr<Input>> Input::open(const std::filesystem::path &path)
{
    auto file = FileSource::open(path);
    if (!file) {
        return fail(file.error());
    }
    auto state = std::make_unique<State>();
    state->path = path.string();
    XXH3_64bits_reset(state->hash.get());
    state->file = std::move(*file);
    if (auto arranged = state->arrange(std::make_unique<PeekSource>(std::make_unique<SharedFile>(state->file)));
        !arranged) {
        return fail(arranged.error());
    }
    return std::unique_ptr<Input>(new Input(std::move(state)));
}

Result<bool> Input::nextMember()
{
    State &s = *m_state;
    s.member.reset();
    s.memberError.reset();
    s.head = 0;
    XXH3_64bits_reset(s.hash.get());
    if (s.bomb) {
        return fail(*s.bomb);
    }
    if (s.single) {
        s.beginMember(std::move(s.single));
        return true;
    }
    if (!s.archive) {
        return false;
    }
    auto more = s.archive->next();
    if (!more || !*more) {
        s.archive.reset();
        return more;
    }
    s.memberName = s.archive->memberName();
    auto content = s.memberContent();
    if (!content) {
        s.memberError = content.error();
        return true;
    }
    s.beginMember(std::move(*content));
    return true;
}

Result<std::size_t> Input::read(std::span<char> into)
{
    State &s = *m_state;
    if (s.memberError) {
        return fail(*s.memberError);
    }
    if (!s.member) {
        return std::size_t{0};
    }
    auto got = s.member->read(into);
    if (!got || *got == 0) {
        return got;
    }
    XXH3_64bits_update(s.hash.get(), into.data(), *got);
    s.given += *got;
    if (s.compressed && s.given > kBombFrom && s.given / kBombRatio > std::max<std::uint64_t>(s.file->bytesRead(), 1)) {
        s.bomb =
            Error{"NJ-SOURCES-008", "Cannot read all of " + s.label(), "it expands to more than 1,000 times its size",
                  Place{s.label(), 0, 0}, "If that is really what it should hold, decompress it first."};
        s.memberError = s.bomb;
        return fail(*s.bomb);
    }
    return got;
}

std::string Input::name() const
{
    return m_state->label();
}
std::uint64_t Input::bytesRead() const
{
    return m_state->file->bytesRead();
}
std::uint64_t Input::totalBytes() const
{
    return m_state->file->size();
}
std::uint64_t Input::headFingerprint() const
{
    return m_state->head;
}
std::uint64_t Input::fingerprint() const
{
    return XXH3_64bits_digest(m_state->hash.get());
}

} // namespace nightjar::sources
