// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workspace/secretstore.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

namespace nightjar::keychain {

/// The desktop's Secret Service (GNOME Keyring, KWallet, KeePassXC) through libsecret's blocking calls, which need no
/// event loop and so serve both programs. Each secret has the workspace's folder as an attribute: two workspaces do not
/// see each other's. Values cross D-Bus encrypted. A call that finds the keychain locked waits until the person has
/// answered its prompt, or `patience` is over. Errors: NJ-WORK-084 no service, -085 refused. Thread: any.
class Keychain final : public workspace::SecretStore {
public:
    explicit Keychain(const std::filesystem::path &folder,
                      std::chrono::milliseconds patience = std::chrono::minutes(2));

    [[nodiscard]] std::string place() const override { return "system keychain"; }
    Status available() override;
    Result<std::optional<std::string>> get(const std::string &name) override;
    Status set(const std::string &name, const std::string &value) override;
    Result<bool> remove(const std::string &name) override;
    Result<std::vector<std::string>> names() override;

private:
    std::string m_folder;
    std::chrono::milliseconds m_patience;
};

/// For SecretSources::keychain.
std::unique_ptr<workspace::SecretStore> open(const std::filesystem::path &workspace);

} // namespace nightjar::keychain
