// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/theme.h"

#include <QLabel>

namespace nightjar::ui {

/// The only label of the program: plain text always, so that nothing from a log is read as HTML. Font and colour by
/// token. An eliding label gives way to its neighbours and ends in "…"; the whole text is then its tooltip.
class PlainLabel : public QLabel {
    Q_OBJECT
public:
    explicit PlainLabel(const QString &text = {}, Type type = Type::Body, Color color = Color::Text,
                        QWidget *parent = nullptr);

    void setColor(Color color);
    void setType(Type type);
    void setEliding(bool eliding);
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void updateToolTip();

    Color m_color;
    bool m_eliding = false;
    bool m_cut = false;
};

/// A tooltip that shows outside text literally: Qt renders tooltips as HTML, so the text is escaped.
void setPlainToolTip(QWidget *widget, const QString &text);
/// Text for buttons, menus and tabs: a & from outside must not become a mnemonic.
QString withoutMnemonic(QString text);

} // namespace nightjar::ui
