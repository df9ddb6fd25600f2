// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workspace/secretstore.h"
#include "workspace/vaultcipher.h"

#include <map>
#include <mutex>

namespace nightjar::workspace {

/// Secrets in one encrypted file of mode 0600: a JSON object with version, scrypt's cost and salt, a proof of the
/// passphrase, and all secrets sealed with AES-256-GCM; a digest over the whole tells damage from a wrong passphrase.
/// The file is read anew at each call and replaced as a whole; only the key stays in memory. Errors: NJ-WORK-080
/// locked, -081 wrong passphrase, -082 damaged, -083 from a newer version, -089. Thread: any; one process writes.
class Vault final : public SecretStore {
public:
    using Ask = std::function<Result<std::string>(const std::filesystem::path &file, bool making)>;
    Vault(std::filesystem::path file, Ask ask, VaultCost cost = {});

    [[nodiscard]] std::string place() const override;
    Status available() override { return {}; }
    Result<std::optional<std::string>> get(const std::string &name) override;
    Status set(const std::string &name, const std::string &value) override;
    Result<bool> remove(const std::string &name) override;
    Result<std::vector<std::string>> names() override;

    [[nodiscard]] bool exists() const;
    /// There is a file and its passphrase has not been told.
    [[nodiscard]] bool locked();
    /// Tells the passphrase; makes an empty vault when there is no file.
    Status unlock(const std::string &passphrase);
    /// Seals everything anew; the old passphrase must have been told or is asked for.
    Status changePassphrase(const std::string &passphrase);

private:
    using Secrets = std::map<std::string, std::string>;
    struct Sealed;
    Result<Sealed> read() const;
    Result<Secrets> open();
    Status openKeys(const Sealed &sealed, const std::string &passphrase);
    Status makeKeys(const std::string &passphrase);
    Status write(const Secrets &secrets);
    Status ready(bool making);

    std::filesystem::path m_file;
    Ask m_ask;
    VaultCost m_cost; ///< of a new file, and of the open one
    std::mutex m_mutex;
    std::string m_salt; ///< that m_keys were made with; empty: locked
    VaultKeys m_keys;
};

} // namespace nightjar::workspace
