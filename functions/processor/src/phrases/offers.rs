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
const OFFERS: [(Intent, [&str; 3]); 24] = [
    (Intent::TaskCreate, ["Add a task", "إضافة مهمة", "Новая задача"]),
    (Intent::TaskComplete, ["Work is done", "العمل انتهى", "Работа готова"]),
    (Intent::TaskProgress, ["Progress", "تقدم العمل", "Ход работ"]),
    (Intent::TaskBlocked, ["Work is stuck", "العمل متوقف", "Работа стоит"]),
    (Intent::TaskFailed, ["Did not pass", "لم يجتز الفحص", "Не прошло проверку"]),
    (Intent::TaskQuery, ["Open tasks", "المهام المفتوحة", "Открытые задачи"]),
    (Intent::CostReport, ["Record a cost", "تسجيل مصروف", "Записать расход"]),
    (Intent::CostQuery, ["Costs so far", "المصاريف حتى الآن", "Расходы"]),
    (Intent::CostOverrun, ["Over budget", "تجاوز الميزانية", "Перерасход"]),
    (Intent::IssueReport, ["Report a problem", "إبلاغ عن مشكلة", "Сообщить проблему"]),
    (Intent::SafetyReport, ["Safety report", "بلاغ سلامة", "Безопасность"]),
    (Intent::MaterialRequest, ["Order material", "طلب مواد", "Заказать материал"]),
    (Intent::DeliveryReport, ["Delivery arrived", "وصول توريد", "Поставка пришла"]),
    (Intent::ApprovalReply, ["Yes or no to a plan", "رد على موافقة", "Ответ на запрос"]),
    (Intent::StatusRequest, ["Project status", "وضع المشروع", "Статус проекта"]),
    (Intent::ScheduleQuery, ["Dates and deadlines", "المواعيد", "Сроки"]),
    (Intent::DailyLog, ["Daily report", "التقرير اليومي", "Отчёт за день"]),
    (Intent::Timesheet, ["Working hours", "ساعات العمل", "Рабочие часы"]),
    (Intent::RfiQuestion, ["Technical question", "سؤال فني", "Технический вопрос"]),
    (Intent::ChangeRequest, ["Ask for a change", "طلب تغيير", "Запрос изменения"]),
    (Intent::DocumentRequest, ["Get a document", "طلب مستند", "Нужен документ"]),
    (Intent::OptOut, ["Stop messages", "إيقاف الرسائل", "Отписаться"]),
    (Intent::OptIn, ["Start messages", "تفعيل الرسائل", "Подписаться"]),
    (Intent::HumanHandoff, ["Talk to a person", "التحدث مع موظف", "Нужен человек"]),
];

/// What an uncertain message is offered as: all but talk, which nothing is done about.
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
    fn whatever_a_message_may_ask_for_is_offered() {
        for intent in Intent::ALL {
            let talk = matches!(intent, Intent::Greeting | Intent::Thanks | Intent::Other);
            assert_eq!(super::offer(Language::En, intent).is_none(), talk, "{intent}");
        }
    }

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
