//! What the product says, in its three languages.
//!
//! Texts stay far below WhatsApp's limits (1,024 characters beside buttons, 20 in a button), and
//! whatever comes from a record is cut before it is put in.

mod offers;
mod reports;

pub(crate) use offers::{confirm, edit, offer, projects_button, reject, tasks_button, undo};
pub(crate) use reports::{Standing, open_tasks, spent, standing};

use domain::project::{Cost, CostStatus, Insight, Priority, Task};
use domain::text::clip;
use domain::{Currency, Language};

fn short(text: &str) -> String {
    clip(text, 120)
}

pub(crate) fn stranger(language: Language) -> &'static str {
    match language {
        Language::En => {
            "Hello. This number works for the site teams of its company, and we do not know yours \
             yet. Your message is kept; the office will answer you here."
        }
        Language::Ar => {
            "مرحباً. هذا الرقم مخصص لفرق الشركة في المواقع، ورقمك غير مسجل لدينا بعد. \
             حُفظت رسالتك وسيرد عليك المكتب هنا."
        }
        Language::Ru => {
            "Здравствуйте. Этот номер обслуживает бригады компании, а ваш номер нам пока не \
             знаком. Сообщение сохранено, вам ответят из офиса."
        }
    }
}

pub(crate) fn no_project(language: Language) -> &'static str {
    match language {
        Language::En => "You are not on any project yet. Ask the office to add you.",
        Language::Ar => "لست ضمن أي مشروع بعد. اطلب من المكتب إضافتك.",
        Language::Ru => "Вы пока не включены ни в один проект. Попросите офис добавить вас.",
    }
}

pub(crate) fn welcome(language: Language, name: &str, project: &str) -> String {
    let (name, project) = (short(name), short(project));
    let help = help(language);
    match language {
        Language::En => format!("Hello {name}. You are on {project}. {help}"),
        Language::Ar => format!("مرحباً {name}. أنت في مشروع {project}. {help}"),
        Language::Ru => format!("Здравствуйте, {name}. Ваш проект: {project}. {help}"),
    }
}

pub(crate) fn help(language: Language) -> &'static str {
    match language {
        Language::En => {
            "Write as you would to a colleague: a task (\"add a task: check the scaffold by \
             Sunday\"), progress (\"the slab is done\"), a cost (\"paid 450 for diesel\"), a \
             problem (\"crack in column C3\"), or ask \"what is the status?\"."
        }
        Language::Ar => {
            "اكتب كما تكتب لزميلك: مهمة («أضف مهمة: فحص السقالة قبل الأحد»)، تقدم («خلصنا صب \
             السقف»)، مصروف («دفعت 450 للديزل»)، مشكلة («شرخ في العمود C3»)، أو اسأل «ما وضع \
             المشروع؟»."
        }
        Language::Ru => {
            "Пишите как коллеге: задача («добавь задачу: проверить леса до воскресенья»), ход \
             работ («плиту залили»), расход («заплатили 450 за дизель»), проблема («трещина в \
             колонне C3») или вопрос «как дела по проекту?»."
        }
    }
}

pub(crate) fn kept(language: Language) -> &'static str {
    match language {
        Language::En => {
            "I have kept your message with the project. I act by myself on tasks, costs, problems \
             and questions about the status; for this, the office will read it."
        }
        Language::Ar => {
            "حفظت رسالتك مع المشروع. أتصرف بنفسي في المهام والمصاريف والمشاكل والسؤال عن الوضع، \
             أما هذه فسيقرؤها المكتب."
        }
        Language::Ru => {
            "Сообщение сохранено в проекте. Сам я веду задачи, расходы, проблемы и вопросы о \
             ходе работ; это сообщение прочтут в офисе."
        }
    }
}

pub(crate) fn cannot_listen(language: Language) -> &'static str {
    match language {
        Language::En => {
            "Your recording is kept. I cannot listen to recordings yet: please write it in a few \
             words so that I can act on it."
        }
        Language::Ar => {
            "حفظت تسجيلك. لا أستطيع الاستماع إلى التسجيلات بعد: اكتبها بكلمات قليلة لأتصرف."
        }
        Language::Ru => {
            "Запись сохранена. Слушать записи я пока не умею: напишите в двух словах, и я \
             займусь этим."
        }
    }
}

pub(crate) fn opted_out(language: Language) -> &'static str {
    match language {
        Language::En => "Understood: you will get no more automatic answers here.",
        Language::Ar => "حسناً: لن تصلك ردود آلية هنا بعد الآن.",
        Language::Ru => "Понятно: автоматических ответов здесь больше не будет.",
    }
}

pub(crate) fn handed_over(language: Language) -> &'static str {
    match language {
        Language::En => "I have passed you to a colleague, who will answer here.",
        Language::Ar => "حوّلتك إلى زميل سيرد عليك هنا.",
        Language::Ru => "Передаю вас коллеге, он ответит здесь.",
    }
}

pub(crate) fn role_forbids(language: Language, project: &str) -> String {
    let project = short(project);
    match language {
        Language::En => {
            format!(
                "Your role on {project} does not allow that. Your message is kept for the office."
            )
        }
        Language::Ar => format!("دورك في {project} لا يسمح بذلك. حُفظت رسالتك للمكتب."),
        Language::Ru => {
            format!(
                "Ваша роль в проекте {project} этого не позволяет. Сообщение сохранено для офиса."
            )
        }
    }
}

pub(crate) fn which_meaning(language: Language) -> &'static str {
    match language {
        Language::En => "I am not sure what you would like me to do with this. Which is it?",
        Language::Ar => "لست متأكداً مما تريد. أيّها تقصد؟",
        Language::Ru => "Не уверен, что правильно понял. Что это?",
    }
}

pub(crate) fn which_project(language: Language) -> &'static str {
    match language {
        Language::En => "Which project is this about?",
        Language::Ar => "عن أي مشروع هذه الرسالة؟",
        Language::Ru => "О каком проекте речь?",
    }
}

pub(crate) fn which_task(language: Language) -> &'static str {
    match language {
        Language::En => "Which task do you mean?",
        Language::Ar => "أي مهمة تقصد؟",
        Language::Ru => "О какой задаче речь?",
    }
}

pub(crate) fn which_work(language: Language) -> &'static str {
    match language {
        Language::En => "What is the task? Write it after \"add a task:\".",
        Language::Ar => "ما هي المهمة؟ اكتبها بعد «أضف مهمة:».",
        Language::Ru => "Какая задача? Напишите её после «добавь задачу:».",
    }
}

pub(crate) fn which_percent(language: Language) -> &'static str {
    match language {
        Language::En => "How far is it, in percent?",
        Language::Ar => "كم نسبة الإنجاز بالمئة؟",
        Language::Ru => "На сколько процентов готово?",
    }
}

pub(crate) fn which_amount(language: Language) -> &'static str {
    match language {
        Language::En => "How much was it? Please write it again with the amount.",
        Language::Ar => "كم المبلغ؟ أعد كتابتها مع المبلغ من فضلك.",
        Language::Ru => "Какая сумма? Напишите ещё раз, с суммой.",
    }
}

pub(crate) fn right_amount(language: Language, currency: Currency) -> String {
    match language {
        Language::En => format!("What is the right amount, in {currency}?"),
        Language::Ar => format!("ما المبلغ الصحيح بعملة {currency}؟"),
        Language::Ru => format!("Какая сумма верна, в {currency}?"),
    }
}

pub(crate) fn other_currency(language: Language, currency: Currency) -> String {
    match language {
        Language::En => {
            format!("This project keeps its costs in {currency}. What is the amount in {currency}?")
        }
        Language::Ar => format!("مصاريف هذا المشروع بعملة {currency}. كم المبلغ بعملة {currency}؟"),
        Language::Ru => {
            format!("Расходы проекта ведутся в {currency}. Какая это сумма в {currency}?")
        }
    }
}

pub(crate) fn task_created(language: Language, task: &Task, project: &str) -> String {
    let (title, project) = (clip(&task.title, 300), short(project));
    let due = due(language, task);
    match language {
        Language::En => format!("Task added to {project}: {title}.{due}"),
        Language::Ar => format!("أُضيفت المهمة إلى {project}: {title}.{due}"),
        Language::Ru => format!("Задача добавлена в проект {project}: {title}.{due}"),
    }
}

fn due(language: Language, task: &Task) -> String {
    let Some(due) = task.due_on else { return String::new() };
    let due = due.strftime("%d.%m.%Y");
    match language {
        Language::En => format!(" Due {due}."),
        Language::Ar => format!(" تستحق في {due}."),
        Language::Ru => format!(" Срок: {due}."),
    }
}

pub(crate) fn task_changed(language: Language, task: &Task) -> String {
    let title = clip(&task.title, 300);
    let percent = task.progress;
    let status = reports::status(language, task.status);
    let comma = if language == Language::Ar { '،' } else { ',' };
    format!("{title}: {status}{comma} {percent}%.")
}

pub(crate) fn task_is_closed(language: Language, task: &Task) -> String {
    let title = clip(&task.title, 300);
    match language {
        Language::En => format!("{title} is closed already; nothing was changed."),
        Language::Ar => format!("المهمة «{title}» مغلقة أصلاً؛ لم يتغير شيء."),
        Language::Ru => format!("Задача «{title}» уже закрыта, ничего не изменено."),
    }
}

pub(crate) fn no_open_tasks(language: Language, project: &str) -> String {
    let project = short(project);
    match language {
        Language::En => format!("{project} has no open task."),
        Language::Ar => format!("لا توجد مهام مفتوحة في {project}."),
        Language::Ru => format!("В проекте {project} нет открытых задач."),
    }
}

pub(crate) fn undone(language: Language) -> &'static str {
    match language {
        Language::En => "Taken back.",
        Language::Ar => "تم التراجع.",
        Language::Ru => "Отменено.",
    }
}

pub(crate) fn already_undone(language: Language) -> &'static str {
    match language {
        Language::En => "That was taken back already.",
        Language::Ar => "تم التراجع عن ذلك من قبل.",
        Language::Ru => "Это уже отменено.",
    }
}

pub(crate) fn cannot_undo(language: Language) -> &'static str {
    match language {
        Language::En => "It has changed since, so I have left it as it is.",
        Language::Ar => "تغيّرت منذ ذلك الحين، فتركتها كما هي.",
        Language::Ru => "С тех пор задача изменилась, оставляю как есть.",
    }
}

pub(crate) fn no_longer(language: Language) -> &'static str {
    match language {
        Language::En => "That choice is no longer open.",
        Language::Ar => "لم يعد هذا الخيار متاحاً.",
        Language::Ru => "Этот выбор больше не действует.",
    }
}

pub(crate) fn cost_proposed(language: Language, cost: &Cost, project: &str) -> String {
    let (money, project, what) = (cost.money, short(project), clip(&cost.description, 300));
    match language {
        Language::En => format!("Record {money} on {project}?\n{what}"),
        Language::Ar => format!("تسجيل {money} على {project}؟\n{what}"),
        Language::Ru => format!("Записать {money} на проект {project}?\n{what}"),
    }
}

pub(crate) fn cost_waits(language: Language, cost: &Cost) -> String {
    let money = cost.money;
    match language {
        Language::En => format!("{money} is proposed and waits for a yes from the project's team."),
        Language::Ar => format!("اقتُرح تسجيل {money} وينتظر موافقة فريق المشروع."),
        Language::Ru => format!("Расход {money} предложен и ждёт подтверждения команды проекта."),
    }
}

pub(crate) fn cost_confirmed(language: Language, cost: &Cost) -> String {
    let money = cost.money;
    match language {
        Language::En => format!("Recorded: {money}."),
        Language::Ar => format!("سُجل: {money}."),
        Language::Ru => format!("Записано: {money}."),
    }
}

pub(crate) fn cost_rejected(language: Language, cost: &Cost) -> String {
    let money = cost.money;
    match language {
        Language::En => format!("Not recorded: {money}."),
        Language::Ar => format!("لم يُسجل: {money}."),
        Language::Ru => format!("Не записано: {money}."),
    }
}

pub(crate) fn cost_is_settled(language: Language, cost: &Cost) -> String {
    let money = cost.money;
    let confirmed = cost.status == CostStatus::Confirmed;
    match (language, confirmed) {
        (Language::En, true) => format!("{money} was recorded already."),
        (Language::En, false) => format!("{money} was rejected already."),
        (Language::Ar, true) => format!("سُجل {money} من قبل."),
        (Language::Ar, false) => format!("رُفض {money} من قبل."),
        (Language::Ru, true) => format!("{money} уже записано."),
        (Language::Ru, false) => format!("{money} уже отклонено."),
    }
}

pub(crate) fn issue_raised(language: Language, insight: &Insight, told: bool) -> String {
    let level = priority(language, insight.priority);
    match (language, told) {
        (Language::En, true) => {
            format!("Noted as a {level} issue; the project manager is being told.")
        }
        (Language::En, false) => format!("Noted as a {level} issue on the project."),
        (Language::Ar, true) => format!("سُجلت مشكلة ({level})، ويجري إبلاغ مدير المشروع."),
        (Language::Ar, false) => format!("سُجلت مشكلة ({level}) على المشروع."),
        (Language::Ru, true) => {
            format!("Проблема записана ({level}); руководителю проекта сообщаем.")
        }
        (Language::Ru, false) => format!("Проблема записана в проект ({level})."),
    }
}

fn priority(language: Language, priority: Priority) -> &'static str {
    match (language, priority) {
        (Language::En, Priority::Low) => "low",
        (Language::En, Priority::Medium) => "medium",
        (Language::En, Priority::High) => "high",
        (Language::En, Priority::Critical) => "critical",
        (Language::Ar, Priority::Low) => "منخفضة",
        (Language::Ar, Priority::Medium) => "متوسطة",
        (Language::Ar, Priority::High) => "عالية",
        (Language::Ar, Priority::Critical) => "حرجة",
        (Language::Ru, Priority::Low) => "низкая важность",
        (Language::Ru, Priority::Medium) => "средняя важность",
        (Language::Ru, Priority::High) => "высокая важность",
        (Language::Ru, Priority::Critical) => "критично",
    }
}
