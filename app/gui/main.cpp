// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The window's program: options, theme, session, window.
#include "base/memory.h"
#include "keychain/keychain.h"
#include "ui/screens/catalogue.h"
#include "ui/shell/gapmeter.h"
#include "ui/shell/grabber.h"
#include "ui/shell/mainwindow.h"
#include "workspace/workspace.h"

#include <QApplication>
#include <QCommandLineParser>

#include <cstdio>
#include <cstdlib>
#include <optional>

using namespace nightjar;

namespace {

struct Options {
    std::filesystem::path workspace;
    bool named = false;
    bool demo = false;
    QString pictures;
    bool debugUi = false;
    std::optional<ui::ThemeChoice> theme;
    QStringList files;
};

std::optional<ui::ThemeChoice> themeOf(const QString &word)
{
    if (word == u"system") {
        return ui::ThemeChoice::System;
    }
    if (word == u"light") {
        return ui::ThemeChoice::Light;
    }
    return word == u"dark" ? std::optional(ui::ThemeChoice::Dark) : std::nullopt;
}

Options readOptions(const QCoreApplication &application)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral("Workbench for the analyst who watches a Zscaler tenant"));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOption({{QStringLiteral("w"), QStringLiteral("workspace")},
                      QStringLiteral("Folder of the workspace"),
                      QStringLiteral("DIR")});
    parser.addOption({QStringLiteral("demo"), QStringLiteral("Make the demo in a workspace of its own and open it")});
    parser.addOption(
        {QStringLiteral("theme"), QStringLiteral("Colours of the window"), QStringLiteral("system|light|dark")});
    parser.addOption(
        {QStringLiteral("debug-ui"), QStringLiteral("Tell on stderr when the window was away for more than 50 ms")});
    parser.addOption({QStringLiteral("screenshots"), QStringLiteral("Save a picture of every screen in DIR and end"),
                      QStringLiteral("DIR")});
    parser.addPositionalArgument(QStringLiteral("files"), QStringLiteral("Logs to import"), QStringLiteral("[FILE…]"));
    parser.process(application);
    Options options;
    options.named = parser.isSet(QStringLiteral("w"));
    options.workspace = options.named ? std::filesystem::path(parser.value(QStringLiteral("w")).toStdString())
                                      : workspace::defaultWorkspaceFolder();
    options.demo = parser.isSet(QStringLiteral("demo"));
    options.debugUi = parser.isSet(QStringLiteral("debug-ui"));
    options.pictures = parser.value(QStringLiteral("screenshots"));
    options.files = parser.positionalArguments();
    if (parser.isSet(QStringLiteral("theme"))) {
        options.theme = themeOf(parser.value(QStringLiteral("theme")));
        if (!options.theme) {
            std::fprintf(stderr, "nightjar: --theme takes system, light or dark\n");
            std::exit(2);
        }
    }
    return options;
}

/// The theme is a setting of the workspace; --theme goes before it.
void keepTheme(present::Session &session, ui::MainWindow &window, const Options &options)
{
    QObject::connect(&window, &ui::MainWindow::themeChosen, &session, [&session](int choice) {
        static constexpr const char *kWords[] = {"system", "light", "dark"};
        if (session.isOpen()) {
            session.run(
                present::Priority::Action,
                [word = std::string(kWords[choice])](workspace::Workspace &space, const CancelToken &) {
                    return space.settings().set("look.theme", word);
                },
                &session, [](const Status &) {});
        }
    });
    if (options.theme) {
        return;
    }
    QObject::connect(&session, &present::Session::opened, &window, [&session, &window] {
        session.run(
            present::Priority::Page,
            [](workspace::Workspace &space, const CancelToken &) { return space.settings().get("look.theme"); },
            &window,
            [](const Result<std::string> &word) {
                const auto choice = word ? themeOf(QString::fromStdString(*word)) : std::nullopt;
                if (choice && *choice != ui::Theme::instance().choice()) {
                    ui::Theme::instance().apply(*choice);
                }
            });
    });
}

void begin(present::Session &session, ui::MainWindow &window, const Options &options)
{
    std::error_code ignored;
    if (options.demo) {
        window.openDemo(options.named ? options.workspace : options.workspace.parent_path() / "demo");
    } else if (options.named || !options.files.isEmpty() || std::filesystem::exists(options.workspace, ignored)) {
        session.openWorkspace(options.workspace);
    } else {
        window.showFirstRun();
        return;
    }
    window.open({window.screenIds().front(), {}});
    if (!options.files.isEmpty()) {
        window.services().importPaths(options.files);
    }
}

} // namespace

int main(int argc, char *argv[])
{
    nightjar::keepFreedMemory();
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("nightjar"));
    QApplication::setApplicationVersion(QStringLiteral(NIGHTJAR_VERSION));
    const Options options = readOptions(application);
    ui::Theme::instance().apply(options.theme.value_or(ui::ThemeChoice::System));
    present::Session session;
    session.setSecretSources({&keychain::open, {}}); // a locked vault is unlocked in its form
    ui::MainWindow window(session, ui::allScreens());
    window.setWorkspaceFolder(options.workspace);
    keepTheme(session, window, options);
    window.show();
    begin(session, window, options);
    std::optional<ui::GapMeter> meter;
    if (options.debugUi) {
        meter.emplace();
        QObject::connect(&*meter, &ui::GapMeter::late, &window, [](double milliseconds) {
            std::fprintf(stderr, "nightjar: the window was away for %.0f ms\n", milliseconds);
        });
    }
    ui::ScreenGrabber grabber(window, options.pictures);
    if (!options.pictures.isEmpty()) {
        QObject::connect(&session, &present::Session::opened, &grabber, &ui::ScreenGrabber::start,
                         Qt::SingleShotConnection);
        QObject::connect(&session, &present::Session::openFailed, &application, [](const Error &error) {
            std::fprintf(stderr, "nightjar: %s\n", describe(error).c_str());
            QCoreApplication::exit(1);
        });
        QObject::connect(&grabber, &ui::ScreenGrabber::finished, &application, [](int written) {
            std::printf("%d pictures\n", written);
            QCoreApplication::exit(written > 0 ? 0 : 1);
        });
    }
    return QApplication::exec();
}
