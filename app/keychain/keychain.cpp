// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "keychain/keychain.h"

#include <libsecret/secret.h>

#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>

namespace nightjar::keychain {

namespace {

constexpr const char *kName = "name";
constexpr const char *kWorkspace = "workspace";

const SecretSchema *schema()
{
    static const SecretSchema kSchema = [] {
        SecretSchema made{};
        made.name = "io.nightjar.Secret";
        made.flags = SECRET_SCHEMA_NONE;
        made.attributes[0] = {kName, SECRET_SCHEMA_ATTRIBUTE_STRING};
        made.attributes[1] = {kWorkspace, SECRET_SCHEMA_ATTRIBUTE_STRING};
        return made;
    }();
    return &kSchema;
}

/// Attributes as libsecret takes them. Its strings must outlive it.
class Attributes {
public:
    Attributes(const std::string &folder, const std::string *name)
        : m_table(g_hash_table_new(g_str_hash, g_str_equal))
    {
        put(kWorkspace, folder);
        if (name != nullptr) {
            put(kName, *name);
        }
    }
    ~Attributes() { g_hash_table_unref(m_table); }
    Attributes(const Attributes &) = delete;
    Attributes &operator=(const Attributes &) = delete;
    [[nodiscard]] GHashTable *get() const { return m_table; }

private:
    void put(const char *key, const std::string &value)
    {
        g_hash_table_insert(m_table, const_cast<char *>(key), const_cast<char *>(value.c_str()));
    }
    GHashTable *m_table;
};

/// Cancels what it is given to when the time is over: a prompt that nobody sees must not hang the program.
class Deadline {
public:
    explicit Deadline(std::chrono::milliseconds patience)
        : m_cancellable(g_cancellable_new())
        , m_watch([this, patience] {
            std::unique_lock lock(m_mutex);
            if (!m_over.wait_for(lock, patience, [this] { return m_done; })) {
                g_cancellable_cancel(m_cancellable);
            }
        })
    {
    }
    ~Deadline()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_done = true;
        }
        m_over.notify_all();
        m_watch.join();
        g_object_unref(m_cancellable);
    }
    Deadline(const Deadline &) = delete;
    Deadline &operator=(const Deadline &) = delete;
    [[nodiscard]] GCancellable *get() const { return m_cancellable; }

private:
    GCancellable *m_cancellable;
    std::mutex m_mutex;
    std::condition_variable m_over;
    bool m_done = false;
    std::thread m_watch;
};

/// Frees the error; its reason in words.
std::string reasonOf(GError *error, const char *otherwise)
{
    std::string reason = error != nullptr && error->message != nullptr ? error->message : otherwise;
    if (error != nullptr) {
        g_error_free(error);
    }
    return reason;
}

tl::unexpected<Error> missing(const std::string &reason)
{
    return fail("NJ-WORK-084", "There is no system keychain", reason,
                "Start one (GNOME Keyring, KWallet, KeePassXC), or keep secrets in the vault file.");
}

tl::unexpected<Error> refused(GError *error)
{
    return fail("NJ-WORK-085", "The system keychain did not answer as asked", reasonOf(error, "It was not unlocked."),
                "Unlock the keychain and try again.");
}

bool hasBus()
{
    if (const char *address = std::getenv("DBUS_SESSION_BUS_ADDRESS"); address != nullptr && *address != '\0') {
        return true;
    }
    const char *runtime = std::getenv("XDG_RUNTIME_DIR");
    std::error_code ignored;
    return runtime != nullptr && std::filesystem::exists(std::filesystem::path(runtime) / "bus", ignored);
}

} // namespace

Keychain::Keychain(const std::filesystem::path &folder, std::chrono::milliseconds patience)
    : m_folder(folder.string())
    , m_patience(patience)
{
}

Status Keychain::available()
{
    if (!hasBus()) { // without this GLib would start a bus of its own under X11
        return missing("There is no session bus (D-Bus).");
    }
    const Deadline deadline(std::min<std::chrono::milliseconds>(m_patience, std::chrono::seconds(10)));
    GError *error = nullptr;
    SecretService *service = secret_service_get_sync(SECRET_SERVICE_OPEN_SESSION, deadline.get(), &error);
    if (service == nullptr) {
        return missing(reasonOf(error, "No Secret Service answers."));
    }
    g_object_unref(service);
    return {};
}

Result<std::optional<std::string>> Keychain::get(const std::string &name)
{
    const Attributes attributes(m_folder, &name);
    const Deadline deadline(m_patience);
    GError *error = nullptr;
    char *found = secret_password_lookupv_nonpageable_sync(schema(), attributes.get(), deadline.get(), &error);
    if (found == nullptr) {
        return error != nullptr ? Result<std::optional<std::string>>(refused(error)) : std::nullopt;
    }
    std::optional<std::string> value{found};
    secret_password_free(found); // overwrites it
    return value;
}

Status Keychain::set(const std::string &name, const std::string &value)
{
    const Attributes attributes(m_folder, &name);
    const Deadline deadline(m_patience);
    const std::string title = "Nightjar: " + name + " of " + m_folder;
    GError *error = nullptr;
    const bool kept = secret_password_storev_sync(schema(), attributes.get(), SECRET_COLLECTION_DEFAULT, title.c_str(),
                                                  value.c_str(), deadline.get(), &error) != 0;
    return kept ? Status() : refused(error);
}

Result<bool> Keychain::remove(const std::string &name)
{
    const Attributes attributes(m_folder, &name);
    const Deadline deadline(m_patience);
    GError *error = nullptr;
    const bool removed = secret_password_clearv_sync(schema(), attributes.get(), deadline.get(), &error) != 0;
    return error != nullptr ? Result<bool>(refused(error)) : removed;
}

Result<std::vector<std::string>> Keychain::names()
{
    const Attributes attributes(m_folder, nullptr);
    const Deadline deadline(m_patience);
    GError *error = nullptr;
    GList *items = secret_password_searchv_sync(schema(), attributes.get(), SECRET_SEARCH_ALL, deadline.get(), &error);
    if (error != nullptr) {
        return refused(error);
    }
    std::vector<std::string> names;
    for (GList *item = items; item != nullptr; item = item->next) {
        GHashTable *found = secret_retrievable_get_attributes(static_cast<SecretRetrievable *>(item->data));
        if (const auto *name = static_cast<const char *>(g_hash_table_lookup(found, kName))) {
            names.emplace_back(name);
        }
        g_hash_table_unref(found);
    }
    g_list_free_full(items, g_object_unref);
    std::sort(names.begin(), names.end());
    return names;
}

std::unique_ptr<workspace::SecretStore> open(const std::filesystem::path &workspace)
{
    return std::make_unique<Keychain>(workspace);
}

} // namespace nightjar::keychain
