// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTest>

#include <filesystem>
#include <string>

#include <stdlib.h>

namespace nightjar::testsupport {

/// A folder of its own under the temporary directory, removed with everything in it.
class TemporaryFolder {
public:
    TemporaryFolder()
    {
        std::string pattern = (std::filesystem::temp_directory_path() / "nightjar-test-XXXXXX").string();
        if (mkdtemp(pattern.data()) != nullptr) {
            m_path = pattern;
        }
    }
    ~TemporaryFolder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }
    TemporaryFolder(const TemporaryFolder &) = delete;
    TemporaryFolder &operator=(const TemporaryFolder &) = delete;

    [[nodiscard]] const std::filesystem::path &path() const { return m_path; }
    [[nodiscard]] std::filesystem::path operator/(const std::string &name) const { return m_path / name; }

private:
    std::filesystem::path m_path;
};

/// The development data beside the checkout, or an empty path where it is absent.
inline std::filesystem::path sharedData()
{
    const char *place = ::getenv("NIGHTJAR_SHARED_DATA");
    std::error_code ignored;
    return place != nullptr && std::filesystem::is_directory(place, ignored) ? std::filesystem::path(place)
                                                                             : std::filesystem::path();
}

} // namespace nightjar::testsupport
