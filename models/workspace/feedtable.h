// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/catalog.h"
#include "workspace/feedservice.h"

/// Feeds in the catalog. Private to the feed service.
namespace nightjar::workspace::feedtable {

Status open(store::Catalog &catalog);
Result<std::vector<FeedInfo>> read(store::Catalog &catalog);
Status put(store::Catalog &catalog, const FeedInfo &feed);
/// False when there was none.
Result<bool> remove(store::Catalog &catalog, const std::string &name);

} // namespace nightjar::workspace::feedtable
