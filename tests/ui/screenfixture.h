// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "present/fakeworkspace.h"
#include "ui/shell/screen.h"
#include "ui/theme/theme.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QLineEdit>
#include <QTest>

#include <memory>

namespace nightjar::ui {

/// A screen over a workspace whose answers the test decides, shown off screen.
template <class S>
struct ScreenFixture {
    present::Session session;
    ShellServices services{session};
    std::unique_ptr<S> screen;
    bool ready = false; ///< opened, and its first answers are there

    explicit ScreenFixture(std::unique_ptr<workspace::Engine> engine, QSize size = {1528, 928},
                           const std::filesystem::path &folder = "/fake")
    {
        Theme::instance().apply(ThemeChoice::Dark);
        workspace::nextFakeEngine() = std::move(engine);
        session.openWorkspace(folder);
        screen = std::make_unique<S>(services);
        screen->resize(size);
        screen->show();
        ready = QTest::qWaitFor([this] { return session.isOpen(); });
        screen->activate({});
        ready = settle() && ready;
    }
    bool settle()
    {
        return QTest::qWaitFor([this] { return !screen->busy(); }, 10'000);
    }
    /// Names of shown controls that a screen reader would find without a name.
    [[nodiscard]] QStringList nameless() const
    {
        QStringList found;
        for (const QWidget *widget : screen->template findChildren<QWidget *>()) {
            const bool control = qobject_cast<const QAbstractButton *>(widget) != nullptr ||
                                 qobject_cast<const QLineEdit *>(widget) != nullptr ||
                                 qobject_cast<const QAbstractItemView *>(widget) != nullptr;
            const auto *button = qobject_cast<const QAbstractButton *>(widget);
            const bool named = !widget->accessibleName().isEmpty() || (button != nullptr && !button->text().isEmpty());
            if (control && widget->isVisible() && !named && !widget->objectName().startsWith(QLatin1String("qt_"))) {
                found.append(QString::fromLatin1(widget->metaObject()->className()));
            }
        }
        return found;
    }
    /// A picture when NIGHTJAR_PICTURES names a folder.
    void picture(const QString &name) const
    {
        const QString folder = qEnvironmentVariable("NIGHTJAR_PICTURES");
        if (!folder.isEmpty()) {
            QTest::qWait(120); // layouts follow their contents
            screen->grab().save(QString(folder + QLatin1Char('/') + name + QLatin1String(".png")));
        }
    }
};

} // namespace nightjar::ui
