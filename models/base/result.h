// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <tl/expected.hpp>

#include <cstdint>
#include <string>
#include <utility>

namespace nightjar {

/// Where an error stands: a file (or URL, rule id, field) with line and column from 1; 0 means "not known".
struct Place {
    std::string file;
    std::uint64_t line = 0;
    std::uint64_t column = 0;

    bool operator==(const Place &) const = default;
};

/// One problem, told the same way in the window, on the command line and in JSON.
/// `code` is stable ("NJ-STORE-003"), `title` says what failed, `reason` why, `hint` what to do.
struct Error {
    std::string code;
    std::string title;
    std::string reason;
    Place place;
    std::string hint;

    bool operator==(const Error &) const = default;
};

template <class T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

inline tl::unexpected<Error> fail(Error error)
{
    return tl::unexpected<Error>(std::move(error));
}
inline tl::unexpected<Error> fail(std::string code, std::string title, std::string reason = {}, std::string hint = {})
{
    return tl::unexpected<Error>(Error{std::move(code), std::move(title), std::move(reason), {}, std::move(hint)});
}

/// "NJ-STORE-003: title: reason (file:line:column)\n  hint". Plain text, may hold outside text verbatim.
std::string describe(const Error &error);

} // namespace nightjar
