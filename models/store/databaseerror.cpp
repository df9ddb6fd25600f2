// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/databaseerror.h"

#include <sqlite3.h>

#include <array>

namespace nightjar::store {
namespace {

struct Row {
    int code;
    const char *number;
    const char *title;
    const char *hint;
};

constexpr std::array kRows = {
    Row{SQLITE_CANTOPEN, "NJ-STORE-001", "Cannot open the database",
        "Check that the folder exists and that you may read and write it."},
    Row{SQLITE_READONLY, "NJ-STORE-002", "The database cannot be written",
        "The file or its folder is read-only. Change its permissions or choose another workspace folder."},
    Row{SQLITE_PERM, "NJ-STORE-002", "The database cannot be written",
        "Change the permissions of the file and its folder."},
    Row{SQLITE_FULL, "NJ-STORE-003", "The disk is full",
        "Free some space or shorten the retention, then go on; nothing that was reported as stored is lost."},
    Row{SQLITE_CORRUPT, "NJ-STORE-004", "The database is damaged",
        "Run `nightjar-cli store check`, then restore the file from a backup or remove it."},
    Row{SQLITE_NOTADB, "NJ-STORE-004", "The file is not a database",
        "Run `nightjar-cli store check`, then restore the file from a backup or remove it."},
    Row{SQLITE_BUSY, "NJ-STORE-005", "The database is locked by another program",
        "Close the other Nightjar window or command that uses this workspace and try again."},
    Row{SQLITE_LOCKED, "NJ-STORE-005", "The database is locked", "Try again."},
    Row{SQLITE_IOERR, "NJ-STORE-007", "Reading or writing the disk failed",
        "Check the disk and the system log; a network or removable drive may have gone away."},
    Row{SQLITE_INTERRUPT, "NJ-STORE-008", "The work was cancelled", ""},
};

} // namespace

Error databaseError(int code, std::string_view message, const std::string &file)
{
    Error error{"NJ-STORE-009",
                "The database refused a request",
                std::string(message),
                {file, 0, 0},
                "This is a fault of the program; please report it."};
    for (const Row &row : kRows) {
        if (row.code == (code & 0xff)) {
            error.code = row.number;
            error.title = row.title;
            error.hint = row.hint;
        }
    }
    return error;
}

} // namespace nightjar::store
