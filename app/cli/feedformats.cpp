// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/feed.h"

#include "base/files.h"
#include "sources/input.h"
#include "workspace/feedformats.h"

#include <system_error>
#include <vector>

namespace nightjar::cli {

namespace {

constexpr std::size_t kMaxLine = 16U << 20U;

/// Lines of a stream of pieces.
class Lines {
public:
    explicit Lines(const std::function<bool(std::string_view, std::uint64_t)> &visit)
        : m_visit(visit)
    {
    }
    bool feed(std::string_view bytes)
    {
        m_rest += bytes;
        std::size_t start = 0;
        for (std::size_t end = m_rest.find('\n'); end != std::string::npos; end = m_rest.find('\n', start)) {
            if (!line(std::string_view(m_rest).substr(start, end - start))) {
                return false;
            }
            start = end + 1;
        }
        m_rest.erase(0, start);
        return m_rest.size() <= kMaxLine || finish();
    }
    bool finish()
    {
        const bool more = m_rest.empty() || line(m_rest);
        m_rest.clear();
        return more;
    }

private:
    bool line(std::string_view text)
    {
        ++m_number;
        while (!text.empty() && (text.back() == '\r' || text.back() == '\0')) {
            text.remove_suffix(1);
        }
        return text.empty() || m_visit(text, m_number);
    }

    const std::function<bool(std::string_view, std::uint64_t)> &m_visit;
    std::string m_rest;
    std::uint64_t m_number = 0;
};

} // namespace

Result<std::shared_ptr<const logs::FeedFormat>> compileFile(const std::filesystem::path &file,
                                                            const std::string &escape)
{
    const auto text = readFile(file, logs::kMaxFeedFormatBytes + 1);
    if (!text) {
        return fail(text.error());
    }
    auto format = logs::FeedFormat::compile(*text, escape);
    if (!format) {
        format.error().place.file = file.string();
    }
    return format;
}

Result<std::shared_ptr<const logs::FeedFormat>> feedFormat(const std::string &given, const std::string &escape,
                                                           const std::filesystem::path &folder, bool keep)
{
    std::error_code none;
    if (folder.empty() || std::filesystem::is_regular_file(given, none)) {
        auto format = compileFile(given, escape);
        if (format && keep && !folder.empty()) {
            const std::string name = std::filesystem::path(given).stem().string();
            if (auto kept = workspace::FeedFormats(folder).keep({name, (*format)->escape(), (*format)->text()});
                !kept) {
                return fail(kept.error());
            }
        }
        return format;
    }
    const auto kept = workspace::FeedFormats(folder).get(given);
    if (!kept) {
        return fail(kept.error());
    }
    return logs::FeedFormat::compile(kept->text, escape.empty() ? kept->escape : escape);
}

Status forEachLine(const std::filesystem::path &path,
                   const std::function<bool(std::string_view line, std::uint64_t number)> &visit)
{
    auto input = sources::Input::open(path);
    if (!input) {
        return fail(input.error());
    }
    std::vector<char> buffer(1U << 20U);
    while (true) {
        const auto more = (*input)->nextMember();
        if (!more) {
            return fail(more.error());
        }
        if (!*more) {
            return {};
        }
        Lines lines(visit);
        while (true) {
            const auto got = (*input)->read(buffer);
            if (!got) {
                return fail(got.error());
            }
            if (*got == 0) {
                break;
            }
            if (!lines.feed(std::string_view(buffer.data(), *got))) {
                return {};
            }
        }
        if (!lines.finish()) {
            return {};
        }
    }
}

} // namespace nightjar::cli
