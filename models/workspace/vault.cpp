// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/vault.h"

#include "base/files.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/wipe.h"

#include <nlohmann/json.hpp>

namespace nightjar::workspace {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kLargestFile = 4U << 20;
constexpr std::size_t kSaltBytes = 32;
constexpr std::size_t kNonceBytes = 12;
constexpr int kVersion = 1;
constexpr std::size_t kShortestPassphrase = 8;

tl::unexpected<Error> damaged(const std::filesystem::path &file, const std::string &reason)
{
    return fail(Error{"NJ-WORK-082",
                      "The vault file is damaged",
                      reason,
                      {file.string(), 0, 0},
                      "Put a backup of the file in its place, or remove it and enter the secrets again."});
}

std::optional<std::string> bytesOfHex(const Json &json, const char *key)
{
    const auto found = json.find(key);
    if (found == json.end() || !found->is_string()) {
        return std::nullopt;
    }
    const auto &text = found->get_ref<const std::string &>();
    const auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
    std::string bytes;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
        if (digit(text[i]) < 0 || digit(text[i + 1]) < 0) {
            return std::nullopt;
        }
        bytes.push_back(static_cast<char>(digit(text[i]) * 16 + digit(text[i + 1])));
    }
    return text.size() % 2 == 0 ? std::optional(std::move(bytes)) : std::nullopt;
}

std::uint64_t numberOf(const Json &json, const char *key)
{
    const auto found = json.find(key);
    return found != json.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

void wipeAll(std::map<std::string, std::string> &secrets)
{
    for (auto &[name, value] : secrets) {
        wipe(value);
    }
}

} // namespace

struct Vault::Sealed {
    VaultCost cost;
    std::string salt, proof, nonce, text;

    /// What the passphrase is proved with, and what is authenticated beside the secrets.
    [[nodiscard]] std::string header() const
    {
        return "nightjar-vault 1 scrypt " + std::to_string(cost.n) + " " + std::to_string(cost.r) + " " +
               std::to_string(cost.p) + " " + hexEncode(salt);
    }
    [[nodiscard]] std::string digest() const
    {
        return sha256Hex(header() + "\n" + hexEncode(proof) + "\n" + hexEncode(nonce) + "\n" + hexEncode(text));
    }
};

Vault::Vault(std::filesystem::path file, Ask ask, VaultCost cost)
    : m_file(std::move(file))
    , m_ask(std::move(ask))
    , m_cost(cost)
{
}

std::string Vault::place() const
{
    return "vault file " + m_file.string();
}

bool Vault::exists() const
{
    std::error_code ignored;
    return std::filesystem::exists(m_file, ignored);
}

bool Vault::locked()
{
    const std::lock_guard lock(m_mutex);
    return m_salt.empty() && exists();
}

Result<Vault::Sealed> Vault::read() const
{
    const auto bytes = readFile(m_file, kLargestFile);
    if (!bytes) {
        return fail(bytes.error());
    }
    const Json json = Json::parse(*bytes, nullptr, false);
    if (!json.is_object() || json.value("format", Json()) != "nightjar-vault") {
        return damaged(m_file, "It is no vault, or a part of it is missing.");
    }
    if (numberOf(json, "version") != kVersion || json.value("kdf", Json()) != "scrypt") {
        return fail(Error{"NJ-WORK-083",
                          "The vault file is from a newer version",
                          "This version does not know its form.",
                          {m_file.string(), 0, 0},
                          "Open it with the Nightjar that wrote it."});
    }
    Sealed sealed;
    sealed.cost = {numberOf(json, "n"), numberOf(json, "r"), numberOf(json, "p")};
    auto salt = bytesOfHex(json, "salt");
    auto proof = bytesOfHex(json, "proof");
    auto nonce = bytesOfHex(json, "nonce");
    auto text = bytesOfHex(json, "sealed");
    if (!salt || !proof || !nonce || !text) {
        return damaged(m_file, "A part of it is missing.");
    }
    sealed.salt = std::move(*salt);
    sealed.proof = std::move(*proof);
    sealed.nonce = std::move(*nonce);
    sealed.text = std::move(*text);
    if (json.value("digest", Json()) != sealed.digest()) {
        return damaged(m_file, "Its digest does not fit its content.");
    }
    if (!sealed.cost.reasonable() || sealed.salt.empty() || sealed.nonce.size() != kNonceBytes) {
        return damaged(m_file, "Its key derivation is out of bounds.");
    }
    return sealed;
}

Status Vault::openKeys(const Sealed &sealed, const std::string &passphrase)
{
    auto keys = vaultKeys(passphrase, sealed.salt, sealed.cost);
    if (!keys) {
        return fail(keys.error());
    }
    if (!sameBytes(vaultProof(*keys, sealed.header()), sealed.proof)) {
        return fail(Error{"NJ-WORK-081",
                          "The vault stays locked",
                          "The passphrase is wrong.",
                          {m_file.string(), 0, 0},
                          "Try again; mind the keyboard layout and Caps Lock. Without the passphrase the secrets "
                          "cannot be had back: remove the file and enter them again."});
    }
    m_keys = *keys;
    m_salt = sealed.salt;
    m_cost = sealed.cost;
    return {};
}

Status Vault::makeKeys(const std::string &passphrase)
{
    if (passphrase.size() < kShortestPassphrase) {
        return fail("NJ-WORK-081", "The passphrase is too short",
                    "It takes at least " + std::to_string(kShortestPassphrase) + " characters.",
                    "Take a sentence, or let a password manager make one.");
    }
    auto salt = randomBytes(kSaltBytes);
    if (!salt) {
        return fail(salt.error());
    }
    auto keys = vaultKeys(passphrase, *salt, m_cost);
    if (!keys) {
        return fail(keys.error());
    }
    m_keys = *keys;
    m_salt = std::move(*salt);
    return {};
}

Status Vault::ready(bool making)
{
    if (exists()) {
        const auto sealed = read();
        if (!sealed) {
            return fail(sealed.error());
        }
        if (sealed->salt == m_salt) {
            return {};
        }
        m_salt.clear(); // another process has changed the passphrase
    } else if (!making || !m_salt.empty()) {
        return {};
    }
    if (!m_ask) {
        return fail(Error{"NJ-WORK-080",
                          "The vault is locked",
                          "Its passphrase has not been told.",
                          {m_file.string(), 0, 0},
                          "Unlock it in the window under Response, Connection."});
    }
    auto passphrase = m_ask(m_file, !exists());
    if (!passphrase) {
        return fail(passphrase.error());
    }
    const WipeAtEnd wiped(*passphrase);
    if (!exists()) {
        return makeKeys(*passphrase);
    }
    const auto sealed = read();
    return sealed ? openKeys(*sealed, *passphrase) : fail(sealed.error());
}

Result<Vault::Secrets> Vault::open()
{
    if (auto opened = ready(false); !opened) {
        return fail(opened.error());
    }
    if (!exists()) {
        return Secrets();
    }
    const auto sealed = read();
    if (!sealed) {
        return fail(sealed.error());
    }
    auto plain = unseal(m_keys, sealed->nonce, sealed->header() + hexEncode(sealed->proof), sealed->text);
    if (!plain) {
        return damaged(m_file, plain.error().reason);
    }
    const WipeAtEnd wiped(*plain);
    Json json = Json::parse(*plain, nullptr, false);
    if (!json.is_object()) {
        return damaged(m_file, "Its content is no list of secrets.");
    }
    Secrets secrets;
    for (auto &[name, value] : json.items()) {
        if (value.is_string()) {
            secrets[name] = value.get<std::string>();
            wipe(value.get_ref<std::string &>());
        }
    }
    return secrets;
}

Status Vault::write(const Secrets &secrets)
{
    auto nonce = randomBytes(kNonceBytes);
    if (!nonce) {
        return fail(nonce.error());
    }
    Json plain = Json::object();
    for (const auto &[name, value] : secrets) {
        plain[name] = value;
    }
    std::string text = plain.dump(-1, ' ', true, Json::error_handler_t::replace);
    const WipeAtEnd wiped(text);
    for (auto &[name, value] : plain.items()) {
        wipe(value.get_ref<std::string &>());
    }
    Sealed sealed{m_cost, m_salt, {}, std::move(*nonce), {}};
    sealed.proof = vaultProof(m_keys, sealed.header());
    auto cipher = seal(m_keys, sealed.nonce, sealed.header() + hexEncode(sealed.proof), text);
    if (!cipher) {
        return fail(cipher.error());
    }
    sealed.text = std::move(*cipher);
    const Json file{{"format", "nightjar-vault"},
                    {"version", kVersion},
                    {"kdf", "scrypt"},
                    {"n", sealed.cost.n},
                    {"r", sealed.cost.r},
                    {"p", sealed.cost.p},
                    {"salt", hexEncode(sealed.salt)},
                    {"proof", hexEncode(sealed.proof)},
                    {"nonce", hexEncode(sealed.nonce)},
                    {"sealed", hexEncode(sealed.text)},
                    {"digest", sealed.digest()}};
    return writeFileAtomically(m_file, file.dump(1) + "\n");
}

Result<std::optional<std::string>> Vault::get(const std::string &name)
{
    const std::lock_guard lock(m_mutex);
    if (!exists()) {
        return std::nullopt;
    }
    auto secrets = open();
    if (!secrets) {
        return fail(secrets.error());
    }
    const auto found = secrets->find(name);
    std::optional<std::string> value;
    if (found != secrets->end()) {
        value = found->second;
    }
    wipeAll(*secrets);
    return value;
}

Status Vault::set(const std::string &name, const std::string &value)
{
    const std::lock_guard lock(m_mutex);
    if (auto opened = ready(true); !opened) {
        return opened;
    }
    auto secrets = open();
    if (!secrets) {
        return fail(secrets.error());
    }
    (*secrets)[name] = value;
    auto written = write(*secrets);
    wipeAll(*secrets);
    return written;
}

Result<bool> Vault::remove(const std::string &name)
{
    const std::lock_guard lock(m_mutex);
    auto secrets = exists() ? open() : Secrets();
    if (!secrets) {
        return fail(secrets.error());
    }
    const auto found = secrets->find(name);
    if (found == secrets->end()) {
        wipeAll(*secrets);
        return false;
    }
    wipe(found->second);
    secrets->erase(found);
    auto written = write(*secrets);
    wipeAll(*secrets);
    return written ? Result<bool>(true) : fail(written.error());
}

Result<std::vector<std::string>> Vault::names()
{
    const std::lock_guard lock(m_mutex);
    auto secrets = exists() ? open() : Secrets();
    if (!secrets) {
        return fail(secrets.error());
    }
    std::vector<std::string> names;
    for (const auto &[name, value] : *secrets) {
        names.push_back(name);
    }
    wipeAll(*secrets);
    return names;
}

Status Vault::unlock(const std::string &passphrase)
{
    const std::lock_guard lock(m_mutex);
    if (!exists()) {
        const auto made = makeKeys(passphrase);
        return made ? write({}) : made;
    }
    const auto sealed = read();
    return sealed ? openKeys(*sealed, passphrase) : fail(sealed.error());
}

Status Vault::changePassphrase(const std::string &passphrase)
{
    const std::lock_guard lock(m_mutex);
    auto secrets = open();
    if (!secrets) {
        return fail(secrets.error());
    }
    const auto oldKeys = m_keys;
    const auto oldSalt = m_salt;
    Status done = makeKeys(passphrase);
    if (done) {
        done = write(*secrets);
    }
    if (!done) {
        m_keys = oldKeys;
        m_salt = oldSalt;
    }
    wipeAll(*secrets);
    return done;
}

} // namespace nightjar::workspace
