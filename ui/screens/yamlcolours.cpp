// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/yamlcolours.h"

#include "present/rulewords.h"

namespace nightjar::ui {

namespace {

Color colorOf(present::RuleSpan kind)
{
    switch (kind) {
    case present::RuleSpan::Key:
        return Color::SyntaxKey;
    case present::RuleSpan::Text:
        return Color::SyntaxString;
    case present::RuleSpan::Number:
        return Color::SyntaxNumber;
    case present::RuleSpan::Comment:
        return Color::SyntaxComment;
    case present::RuleSpan::Keyword:
        break;
    }
    return Color::Accent;
}

} // namespace

std::vector<CodeSpan> yamlColours(const QString &line)
{
    std::vector<CodeSpan> spans;
    for (const present::RuleSpanAt &span : present::ruleSpans(line)) {
        spans.push_back({span.start, span.length, colorOf(span.kind)});
    }
    return spans;
}

} // namespace nightjar::ui
