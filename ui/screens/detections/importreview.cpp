// SPDX-FileCopyrightText: 2026 The Nightjar authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screens/detections/importreview.h"

#include "present/show.h"

#include <map>

namespace nightjar::ui {

namespace {

StateLook changeLook(const QString &word)
{
    if (word == u"added") {
        return {QStringLiteral("plus"), Color::Ok};
    }
    if (word == u"removed") {
        return {QStringLiteral("minus"), Color::Error};
    }
    return word == u"changed" ? StateLook{QStringLiteral("diff"), Color::Accent}
                              : StateLook{QStringLiteral("info"), Color::Text2};
}

} // namespace

ImportReview::ImportReview(present::DetectionController &controller, QWidget *parent)
    : QWidget(parent)
    , m_head(new PaneHead(tr("Import of rules"), tr("nothing is changed yet")))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_kind = new Choice(tr("Which changes"));
    m_kind->setFixedWidth(180);
    m_head->addTrailing(m_kind);
    column->addWidget(m_head);
    column->addWidget(new Hairline);
    m_sum = new PlainLabel({}, Type::Body);
    m_sum->setWordWrap(true);
    m_sum->setContentsMargins(px(Length::PaneInset), 8, px(Length::PaneInset), 8);
    column->addWidget(m_sum);
    column->addWidget(new Hairline);
    m_table = new FastTable;
    m_table->setAccessibleName(tr("Changes of the import"));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setColumnSpecs({{104, CellStyle::State},
                             {0, CellStyle::Text},
                             {220, CellStyle::Muted},
                             {150, CellStyle::MonoMuted},
                             {220, CellStyle::Path}});
    m_table->setStateLook(changeLook);
    m_filter.setSourceModel(&m_model);
    m_table->setModel(&m_filter);
    connect(m_kind, &QComboBox::currentIndexChanged, this, [this] {
        const bool bad = m_kind->value() == u"bad";
        m_filter.setFilterKeyColumn(bad ? present::RuleChangesModel::VerdictColumn
                                        : present::RuleChangesModel::KindColumn);
        m_filter.setFilterRegularExpression(bad ? QStringLiteral("^(?!runs$).+") : m_kind->value());
    });
    column->addWidget(m_table, 1);
    m_none = new EmptyState(QStringLiteral("allowed"), tr("Nothing would change."),
                            tr("Every rule of it is here already, and is the same."));
    column->addWidget(m_none, 1);
    auto *bar = new ActionBar;
    m_apply = new Button(tr("Take over"), ButtonKind::Primary);
    auto *discard = new Button(tr("Discard"));
    connect(m_apply, &Button::clicked, this, [this, &controller] {
        controller.applyImport(m_path);
        Q_EMIT applied(m_path);
    });
    connect(discard, &Button::clicked, this, &ImportReview::discarded);
    bar->add(m_apply);
    bar->add(discard);
    bar->addStretch();
    bar->add(new PlainLabel(tr("Levels, switches and exceptions of yours stay."), Type::Body, Color::Text2));
    column->addWidget(bar);
}

void ImportReview::show(const QString &path, const std::vector<workspace::RuleChange> &changes)
{
    m_path = path;
    std::map<std::string, std::int64_t> counts;
    std::int64_t bad = 0;
    std::int64_t real = 0;
    for (const workspace::RuleChange &change : changes) {
        ++counts[change.kind];
        bad += !change.verdict.empty() && change.verdict != "ok" ? 1 : 0;
        real += change.kind != "skipped" ? 1 : 0;
    }
    m_model.setChanges(changes);
    m_kind->clear();
    m_kind->add(tr("All  %1").arg(present::number(static_cast<std::int64_t>(changes.size()))), {});
    for (const auto &[kind, count] : counts) {
        m_kind->add(present::shown(kind) + QStringLiteral("  ") + present::number(count), present::shown(kind));
    }
    if (bad > 0) {
        m_kind->add(tr("would not run  %1").arg(present::number(bad)), QStringLiteral("bad"));
    }
    m_sum->setText(tr("%1: %2 added, %3 changed, %4 removed. %5 of them would not run; they are kept and say why.")
                       .arg(present::shown(path.toStdString(), 200), present::number(counts["added"]),
                            present::number(counts["changed"]), present::number(counts["removed"]),
                            present::number(bad)));
    m_table->setVisible(!changes.empty());
    m_none->setVisible(changes.empty());
    m_apply->setEnabled(real > 0);
    m_apply->setLabel(tr("Take over %1").arg(present::number(real)));
    m_table->setFocus(Qt::OtherFocusReason);
}

} // namespace nightjar::ui
