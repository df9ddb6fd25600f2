// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QColor>
#include <QFont>
#include <QList>
#include <QString>
#include <QStringList>

#include <array>

namespace nightjar::ui {

/// Every colour of the theme by what it is for. Names are those of resources/theme/tokens.json.
enum class Color : int {
    Bg,
    Panel,
    Raised,
    AltRow,
    Selection,
    Text,
    Text2,
    Disabled,
    Accent,
    Link,
    Ok,
    Warn,
    Error,
    ControlBorder,
    Hairline,
    Focus,
    FillAccent,
    FillOk,
    FillDanger,
    OnFill,
    Mark,
    MarkText,
    Hover,
    SelectionInactive,
    HairlineSoft,
    Track,
    BarNeutral,
    BarNeutralOnBrush,
    TickFaint,
    AccentWash,
    OkWash,
    WarnWash,
    DangerWash,
    Brush,
    SyntaxKey,
    SyntaxString,
    SyntaxNumber,
    SyntaxComment,
    Count
};

enum class Type : int { Caption, Body, BodyStrong, Data, DataSmall, PaneHeading, Heading, Title, Figure, Count };

/// Lengths in device-independent pixels.
enum class Length : int {
    Grid,
    PaneInset,
    CellInset,
    RadiusControl,
    RadiusBar,
    RadiusPopover,
    StrokeFocus,
    FocusOffset,
    RowCompact,
    RowNormal,
    RowRoomy,
    RowHeader,
    RowQueue,
    RowJournal,
    RowListItem,
    RowForm,
    RowQueueSmall,
    RowPaletteItem,
    TopBar,
    NavRail,
    NavItem,
    StatusStrip,
    ScreenHeader,
    Button,
    ButtonSmall,
    Input,
    QueryBar,
    Chip,
    Checkbox,
    IconNav,
    Icon,
    SeverityGlyph,
    Meter,
    MiniBar,
    Histogram,
    FacetPane,
    QueuePane,
    InspectorPane,
    RespondPane,
    ConfirmBar,
    ToastWidth,
    SplitterGrip,
    NavRailSmall,
    NavItemSmall,
    FacetPaneSmall,
    QueuePaneSmall,
    Palette,
    JobsPopover,
    DropInset,
    ToastMinMs,
    Narrow,
    Small,
    Count
};

struct TypeToken {
    bool data = false; ///< of the data family, else of the family of the interface
    int px = 13;
    int line = 18;
    int weight = 400;
};

struct SeverityToken {
    QString name, letter, shape;
    QColor graphic[2], text[2]; ///< dark, light
};

/// The table behind the theme, read once from tokens.json. A value; no thread rule.
struct Tokens {
    /// `json`: the text of tokens.json. NJ-UI-001 names the first token that is missing or no colour or number.
    static Result<Tokens> parse(const QByteArray &json);
    /// The table built into the program.
    static Result<Tokens> builtIn();

    [[nodiscard]] QColor color(Color token, bool dark) const
    {
        return colors[dark ? 0 : 1][static_cast<std::size_t>(token)];
    }
    [[nodiscard]] int length(Length token) const { return lengths[static_cast<std::size_t>(token)]; }
    [[nodiscard]] const TypeToken &type(Type token) const { return types[static_cast<std::size_t>(token)]; }

    std::array<QColor, static_cast<std::size_t>(Color::Count)> colors[2]; ///< dark, light
    std::array<int, static_cast<std::size_t>(Length::Count)> lengths{};
    std::array<TypeToken, static_cast<std::size_t>(Type::Count)> types{};
    QList<QColor> series[2], heat[2], heatText[2];
    std::array<SeverityToken, 5> severities; ///< index: alerts::Severity
    QStringList uiFamilies, dataFamilies;
    double dropDim = 0;
};

/// Relative luminance contrast of WCAG 2.x, 1–21.
double contrast(const QColor &left, const QColor &right);

} // namespace nightjar::ui
