// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/intel.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <map>
#include <memory>

/// Indicators for other programs.
namespace nightjar::cli {

namespace {

const std::map<std::string, intel::ListFormat> kFormats{
    {"csv", intel::ListFormat::Csv}, {"stix", intel::ListFormat::Stix}, {"text", intel::ListFormat::Text}};
const std::map<std::string, intel::Tlp> kMarkings{{"clear", intel::Tlp::Clear},
                                                  {"green", intel::Tlp::Green},
                                                  {"amber", intel::Tlp::Amber},
                                                  {"amber+strict", intel::Tlp::AmberStrict},
                                                  {"red", intel::Tlp::Red}};

int runExport(Context &context, const workspace::IntelService::ListOptions &options)
{
    const auto space = openWorkspace(context, false, true);
    if (!space) {
        return kFailed;
    }
    const auto summary = space->intel().exportList(
        options, [](std::string_view piece) { std::fwrite(piece.data(), 1, piece.size(), stdout); });
    if (!summary) {
        return failed(summary.error());
    }
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
        return failed({"NJ-CLI-043",
                       "The list could not be written",
                       "standard output does not take it",
                       {},
                       "Make room on the disk, or write elsewhere."});
    }
    const nlohmann::ordered_json told{{"written", summary->written},
                                      {"left_out_by_marking", summary->restricted},
                                      {"left_out_as_over", summary->ended},
                                      {"left_out_by_format", summary->unfit}};
    std::fprintf(stderr, "%s\n", told.dump().c_str());
    if (summary->restricted > 0) {
        std::fprintf(stderr, "What is marked stricter stays here; --tlp raises what may leave.\n");
    }
    return summary->restricted + summary->unfit > 0 ? kRefused : kDone;
}

} // namespace

void addIntelExport(CLI::App &verb, Context &context)
{
    auto options = std::make_shared<workspace::IntelService::ListOptions>();
    CLI::App *exporter = addVerb(verb, context, "export", "Active indicators for other programs, on standard output");
    exporter->add_option("query", options->text, "Only values that contain this");
    exporter->add_option("--format", options->format, "csv (default), stix or text")
        ->transform(CLI::CheckedTransformer(kFormats, CLI::ignore_case));
    exporter
        ->add_option("--tlp", options->highest, "Strictest marking that may leave: clear, green (default), amber, …")
        ->transform(CLI::CheckedTransformer(kMarkings, CLI::ignore_case));
    exporter->add_flag("--expired", options->expired, "Also what is over or was taken back");
    exporter->callback(
        [&context, options] { context.run = [&context, options] { return runExport(context, *options); }; });
}

} // namespace nightjar::cli
