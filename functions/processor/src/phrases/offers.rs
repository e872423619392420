//! Words on buttons: at most 20 characters each.

use domain::Language;
use language::Intent;

pub(crate) fn undo(language: Language) -> &'static str {
    match language {
        Language::En => "Undo",
        Language::Ar => "تراجع",
        Language::Ru => "Отменить",
    }
}

pub(crate) fn confirm(language: Language) -> &'static str {
    match language {
        Language::En => "Confirm",
        Language::Ar => "تأكيد",
        Language::Ru => "Подтвердить",
    }
}

pub(crate) fn edit(language: Language) -> &'static str {
    match language {
        Language::En => "Edit",
        Language::Ar => "تعديل",
        Language::Ru => "Изменить",
    }
}

pub(crate) fn reject(language: Language) -> &'static str {
    match language {
        Language::En => "Reject",
        Language::Ar => "رفض",
        Language::Ru => "Отклонить",
    }
}

pub(crate) fn tasks_button(language: Language) -> &'static str {
    match language {
        Language::En => "Tasks",
        Language::Ar => "المهام",
        Language::Ru => "Задачи",
    }
}

pub(crate) fn projects_button(language: Language) -> &'static str {
    match language {
        Language::En => "Projects",
        Language::Ar => "المشاريع",
        Language::Ru => "Проекты",
    }
}

/// In English, Arabic and Russian.
const OFFERS: [(Intent, [&str; 3]); 10] = [
    (Intent::TaskCreate, ["Add a task", "إضافة مهمة", "Новая задача"]),
    (Intent::TaskComplete, ["Work is done", "العمل انتهى", "Работа готова"]),
    (Intent::TaskProgress, ["Progress", "تقدم العمل", "Ход работ"]),
    (Intent::TaskBlocked, ["Work is stuck", "العمل متوقف", "Работа стоит"]),
    (Intent::CostReport, ["Record a cost", "تسجيل مصروف", "Записать расход"]),
    (Intent::IssueReport, ["Report a problem", "إبلاغ عن مشكلة", "Сообщить проблему"]),
    (Intent::SafetyReport, ["Safety report", "بلاغ سلامة", "Безопасность"]),
    (Intent::StatusRequest, ["Project status", "وضع المشروع", "Статус проекта"]),
    (Intent::TaskQuery, ["Open tasks", "المهام المفتوحة", "Открытые задачи"]),
    (Intent::CostQuery, ["Costs so far", "المصاريف حتى الآن", "Расходы"]),
];

/// What an uncertain message is offered as; intents that change nothing are not offered.
pub(crate) fn offer(language: Language, intent: Intent) -> Option<&'static str> {
    let (_, words) = OFFERS.iter().find(|(offered, _)| *offered == intent)?;
    let [english, arabic, russian] = *words;
    Some(match language {
        Language::En => english,
        Language::Ar => arabic,
        Language::Ru => russian,
    })
}

#[cfg(test)]
mod tests {
    use domain::Language;
    use language::Intent;

    #[test]
    fn every_button_fits_whatsapp() {
        for language in [Language::En, Language::Ar, Language::Ru] {
            let offers =
                Intent::ALL.into_iter().filter_map(|intent| super::offer(language, intent));
            let words = [
                super::undo(language),
                super::confirm(language),
                super::edit(language),
                super::reject(language),
                super::tasks_button(language),
                super::projects_button(language),
            ];
            for title in offers.chain(words) {
                assert!(title.chars().count() <= 20, "{title}");
            }
        }
    }
}
