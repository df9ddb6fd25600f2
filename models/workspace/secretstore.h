// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nightjar::workspace {

/// Keeps secrets of one workspace by name, outside of store, log and journal. No error tells a value. Thread: any; a
/// call may wait for a person (a keychain that asks to be unlocked).
class SecretStore {
public:
    virtual ~SecretStore() = default;
    /// For people: "system keychain", "vault file /…/secrets.vault".
    [[nodiscard]] virtual std::string place() const = 0;
    /// Why it cannot be used here.
    virtual Status available() = 0;
    /// None when there is no such secret.
    virtual Result<std::optional<std::string>> get(const std::string &name) = 0;
    virtual Status set(const std::string &name, const std::string &value) = 0;
    /// False when there was none.
    virtual Result<bool> remove(const std::string &name) = 0;
    /// In alphabetical order.
    virtual Result<std::vector<std::string>> names() = 0;

protected:
    SecretStore() = default;
    SecretStore(const SecretStore &) = default;
    SecretStore &operator=(const SecretStore &) = default;
};

/// What a program brings along, as only it can ask people and reach the desktop.
struct SecretSources {
    /// The system keychain for a workspace's folder; empty: this program has none.
    std::function<std::unique_ptr<SecretStore>(const std::filesystem::path &workspace)> keychain;
    /// Asks for the passphrase of a vault file (`making`: of a new one); empty: SecretsService::unlock tells it.
    std::function<Result<std::string>(const std::filesystem::path &file, bool making)> askPassphrase;
};

} // namespace nightjar::workspace
