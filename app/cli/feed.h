// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "logs/feedformat.h"
#include "logs/reject.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

/// What the verbs share that take feed output formats.
namespace nightjar::cli {

/// A format file, compiled; errors name the file.
Result<std::shared_ptr<const logs::FeedFormat>> compileFile(const std::filesystem::path &file,
                                                            const std::string &escape);

/// The value of --format: a format file, else the name of a format that the workspace in `folder` keeps (`folder` may
/// be empty: files only). With `keep`, a file's format is kept in the workspace under the file's name.
Result<std::shared_ptr<const logs::FeedFormat>> feedFormat(const std::string &given, const std::string &escape,
                                                           const std::filesystem::path &folder, bool keep);

/// The report of `feed compile`, for people and as one JSON object.
std::string feedReportText(const logs::FeedFormat &format);
std::string feedReportJson(const logs::FeedFormat &format);

/// Calls `visit` with each line that is not empty and its number, until it returns false.
Status forEachLine(const std::filesystem::path &path,
                   const std::function<bool(std::string_view line, std::uint64_t number)> &visit);

} // namespace nightjar::cli
