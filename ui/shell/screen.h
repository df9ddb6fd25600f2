// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/shellservices.h"

#include <QWidget>

#include <functional>
#include <vector>

namespace nightjar::ui {

/// One screen of the window. It asks the session for data when it is shown and when the revision or range changes, and
/// paints what came. Its QWidget::actions() (with text) are offered by the palette while it is shown.
class Screen : public QWidget {
    Q_OBJECT
public:
    explicit Screen(ShellServices &services, QWidget *parent = nullptr)
        : QWidget(parent)
        , m_services(services)
    {
        setFocusPolicy(Qt::ClickFocus);
    }

    /// The screen becomes visible at `address` (its own screen id). Called again for a link into the shown screen.
    virtual void activate(const Address &address) = 0;
    /// True while something the user sees is still being fetched; pictures wait for it.
    [[nodiscard]] virtual bool busy() const { return false; }
    /// "/" and Ctrl+F: puts the cursor into the query field, if there is one.
    virtual void focusQuery() {}
    /// F5.
    virtual void refresh() {}
    /// "≤ 1280" of the look: less room to the sides.
    virtual void setNarrow(bool) {}
    /// Keys of this screen for the key sheet: key, what it does.
    [[nodiscard]] virtual std::vector<std::pair<QString, QString>> keys() const { return {}; }

protected:
    ShellServices &services() { return m_services; }
    present::Session &session() { return m_services.session(); }
    /// What is selected, for the status strip; an answer that comes after the screen was left stays silent.
    void tellSelection(const QString &text)
    {
        if (isVisible()) {
            m_services.setSelectionSummary(text);
        }
    }

private:
    ShellServices &m_services;
};

/// What the window is made of.
struct ScreenEntry {
    QString id, name, icon;
    std::function<Screen *(ShellServices &, QWidget *)> make;
};

} // namespace nightjar::ui
