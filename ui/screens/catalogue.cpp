// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/catalogue.h"

#include "ui/screens/alerts/alertsscreen.h"
#include "ui/screens/detections/detectionsscreen.h"
#include "ui/screens/events/eventsscreen.h"
#include "ui/screens/indicators/indicatorsscreen.h"
#include "ui/screens/overview.h"
#include "ui/screens/playbooks/playbooksscreen.h"
#include "ui/screens/response.h"
#include "ui/screens/sources/sourcesscreen.h"

#include <QCoreApplication>

namespace nightjar::ui {

namespace {

template <class T>
ScreenEntry entry(const char *id, const char *name)
{
    return {QString::fromLatin1(id), QCoreApplication::translate("Screens", name), QString::fromLatin1(id),
            [](ShellServices &services, QWidget *parent) -> Screen * { return new T(services, parent); }};
}

} // namespace

std::vector<ScreenEntry> allScreens()
{
    return {entry<OverviewScreen>("overview", "Overview"),
            entry<EventsScreen>("events", "Events"),
            entry<AlertsScreen>("alerts", "Alerts"),
            entry<ResponseScreen>("response", "Response"),
            entry<PlaybooksScreen>("playbooks", "Playbooks"),
            entry<DetectionsScreen>("detections", "Detections"),
            entry<IndicatorsScreen>("indicators", "Indicators"),
            entry<SourcesScreen>("sources", "Sources")};
}

} // namespace nightjar::ui
