//! The words of a notice, in the languages the product speaks.
//!
//! Every value has a line of its own, so that right-to-left and left-to-right never mix in one.

use domain::Language;
use domain::project::{Insight, InsightKind, Priority};
use domain::text::clip;

/// Characters of a summary that are shown; the whole text may have 4,096.
const SUMMARY_CHARS: usize = 3_000;
/// Characters of a name that are shown.
const NAME_CHARS: usize = 120;

/// A notice of an insight in a project, and who reported it, if that is known.
pub(crate) fn notice(
    language: Language,
    project: &str,
    reporter: Option<&str>,
    insight: &Insight,
) -> String {
    let (project_word, reporter_word, summary_word) = match language {
        Language::En => ("Project", "Reported by", "Report"),
        Language::Ar => ("المشروع", "أبلغ عنه", "البلاغ"),
        Language::Ru => ("Проект", "Сообщил(а)", "Сообщение"),
    };
    let mut lines = vec![
        format!("{} {}", mark(insight.priority), kind(language, insight.kind)),
        priority(language, insight.priority).to_owned(),
        format!("{project_word}: {}", clip(project, NAME_CHARS)),
    ];
    if let Some(reporter) = reporter {
        lines.push(format!("{reporter_word}: {}", clip(reporter, NAME_CHARS)));
    }
    lines.push(format!("{summary_word}: {}", clip(&insight.summary, SUMMARY_CHARS)));
    lines.join("\n")
}

fn mark(priority: Priority) -> char {
    match priority {
        Priority::Critical => '🔴',
        Priority::High => '🟠',
        Priority::Medium => '🟡',
        Priority::Low => '🔵',
    }
}

fn kind(language: Language, kind: InsightKind) -> &'static str {
    match (language, kind) {
        (Language::En, InsightKind::RiskAlert) => "Issue on site",
        (Language::En, InsightKind::Safety) => "Safety alert",
        (Language::En, InsightKind::CostOverrun) => "Costs over plan",
        (Language::En, InsightKind::Delay) => "Delay",
        (Language::Ar, InsightKind::RiskAlert) => "مشكلة في الموقع",
        (Language::Ar, InsightKind::Safety) => "تنبيه سلامة",
        (Language::Ar, InsightKind::CostOverrun) => "تجاوز في التكاليف",
        (Language::Ar, InsightKind::Delay) => "تأخير",
        (Language::Ru, InsightKind::RiskAlert) => "Проблема на объекте",
        (Language::Ru, InsightKind::Safety) => "Угроза безопасности",
        (Language::Ru, InsightKind::CostOverrun) => "Превышение затрат",
        (Language::Ru, InsightKind::Delay) => "Задержка",
    }
}

fn priority(language: Language, priority: Priority) -> &'static str {
    match (language, priority) {
        (Language::En, Priority::Low) => "Priority: low",
        (Language::En, Priority::Medium) => "Priority: medium",
        (Language::En, Priority::High) => "Priority: high",
        (Language::En, Priority::Critical) => "Priority: critical",
        (Language::Ar, Priority::Low) => "الأولوية: منخفضة",
        (Language::Ar, Priority::Medium) => "الأولوية: متوسطة",
        (Language::Ar, Priority::High) => "الأولوية: عالية",
        (Language::Ar, Priority::Critical) => "الأولوية: حرجة",
        (Language::Ru, Priority::Low) => "Приоритет: низкий",
        (Language::Ru, Priority::Medium) => "Приоритет: средний",
        (Language::Ru, Priority::High) => "Приоритет: высокий",
        (Language::Ru, Priority::Critical) => "Приоритет: критический",
    }
}
