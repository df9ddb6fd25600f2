// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workspace/inteldelivery.h"

#include "base/domain.h"
#include "base/text.h"
#include "base/url.h"
#include "workspace/warnings.h"

#include <algorithm>

namespace nightjar::workspace {

namespace {

constexpr std::int64_t kUsualDelivery = 1000; ///< values from which on shrinking is suspicious
constexpr std::int64_t kShrinks = 10;         ///< a tenth of what was

std::vector<std::string> ownDomains(const Engine &engine)
{
    std::vector<std::string> out;
    const std::string own = engine.settings->text("respond.own_domains");
    for (const std::string_view name : split(own, ',')) {
        if (const auto host = canonicalDomain(trim(name))) {
            out.push_back(*host);
        }
    }
    return out;
}

/// Well-known, shared or own: a feed that carries it is wrong or poisoned, so it may neither alert nor be pushed.
bool isHarmless(const intel::Indicator &indicator, const intel::WarningLists &warnings,
                const std::vector<std::string> &own)
{
    const auto warning = warnings.check(indicator);
    if (warning && warning->effect == intel::WarningEffect::Silence) {
        return true;
    }
    const std::string_view host = indicator.type == intel::Type::Url      ? splitUrl(indicator.value).host
                                  : indicator.type == intel::Type::Domain ? std::string_view(indicator.value)
                                                                          : std::string_view();
    return std::any_of(own.begin(), own.end(),
                       [&](const std::string &name) { return !host.empty() && isSameOrSubdomain(host, name); });
}

std::int64_t sizeOfLastDelivery(const intel::IndicatorStore &store, const std::string &source)
{
    const auto imports = store.imports();
    for (const intel::ImportBatch &batch : imports.value_or(std::vector<intel::ImportBatch>())) {
        if (batch.source == source && !batch.undone) {
            return batch.read - batch.invalid;
        }
    }
    return 0;
}

void addTo(IntelSummary &summary, const intel::IndicatorStore::Imported &imported)
{
    summary.import = imported.batch.id;
    summary.read += imported.report.read;
    summary.added += imported.batch.added;
    summary.updated += imported.batch.updated;
    summary.revoked += imported.batch.revoked;
    summary.invalid += imported.report.invalid;
    for (std::size_t i = 0; i < intel::kTypeCount; ++i) {
        if (imported.report.byType[i] == 0) {
            continue;
        }
        const std::string name(intel::name(static_cast<intel::Type>(i)));
        const auto known = std::find_if(summary.byType.begin(), summary.byType.end(),
                                        [&](const auto &one) { return one.first == name; });
        if (known == summary.byType.end()) {
            summary.byType.emplace_back(name, imported.report.byType[i]);
        } else {
            known->second += imported.report.byType[i];
        }
    }
    for (const intel::InvalidRow &row : imported.report.invalidRows) {
        if (summary.invalidRows.size() < intel::ImportReport::kMaxInvalidRows) {
            summary.invalidRows.emplace_back(row.line, row.reason);
        }
    }
}

} // namespace

Status takeDelivery(Engine &engine, const intel::ImportDefaults &defaults, const std::string &file, bool accept,
                    const DeliveryReader &reader, const CancelToken &cancel, IntelSummary &summary)
{
    const auto warnings = indicatorWarnings(engine);
    if (!warnings) {
        return fail(warnings.error());
    }
    const auto own = ownDomains(engine);
    const Timestamp now = engine.clock.now();
    std::int64_t warned = 0;
    std::int64_t taken = 0;
    std::int64_t expired = 0;
    const auto previous = accept || defaults.partial ? 0 : sizeOfLastDelivery(*engine.indicators, defaults.source);
    const auto imported = engine.indicators->importWith(
        defaults, file,
        [&](const intel::ImportDefaults &chosen, const intel::IndicatorSink &sink) -> Result<intel::ImportReport> {
            const auto guarded = [&](intel::Indicator &&indicator) {
                ++taken;
                expired += indicator.validUntil != kNoTime && indicator.validUntil <= now ? 1 : 0;
                if (isHarmless(indicator, *warnings, own)) {
                    ++warned;
                    indicator.toIds = indicator.toIds && accept;
                }
                return sink(std::move(indicator));
            };
            auto report = reader(chosen, guarded);
            if (report && !report->cancelled && previous >= kUsualDelivery && taken * kShrinks < previous) {
                return fail("NJ-INTEL-043", "The delivery is held back",
                            "it has " + std::to_string(taken) + " values, the one before had " +
                                std::to_string(previous),
                            "Nothing was changed. If the source really is that small now, accept the delivery.");
            }
            return report;
        },
        cancel);
    if (!imported) {
        return fail(imported.error());
    }
    engine.forgetDetectors();
    ++engine.changes;
    summary.warned += warned;
    summary.expired += expired;
    addTo(summary, *imported);
    return {};
}

} // namespace nightjar::workspace
