//! What is said, language by language.

use domain::Language;

use super::{KeyNews, Said, Topic};

pub(super) fn greeting(language: Language, name: &str) -> String {
    match language {
        Language::En => format!("Hello {name},"),
        Language::Ar => format!("مرحبًا {name}،"),
        Language::Ru => format!("Здравствуйте, {name}!"),
    }
}

/// The words for a topic; `organization` is one line.
pub(super) fn say(language: Language, organization: &str, topic: &Topic) -> Said {
    match language {
        Language::En => english(organization, topic),
        Language::Ar => arabic(organization, topic),
        Language::Ru => russian(organization, topic),
    }
}

fn said(
    subject: impl Into<String>,
    lines: impl IntoIterator<Item = String>,
    (link, url): (&'static str, &str),
    otherwise: &'static str,
) -> Said {
    let lines = lines.into_iter().collect();
    Said { subject: subject.into(), lines, link, url: url.to_owned(), otherwise }
}

fn english(organization: &str, topic: &Topic) -> Said {
    const NOT_YOU: &str =
        "If it was not you, change your password at once and tell your administrator.";
    const IGNORE: &str = "If you did not expect this letter, ignore it; nothing happens then.";
    match topic {
        Topic::VerifyEmail { link } => said(
            "Confirm your e-mail address",
            [format!("This address was given for {organization} on Hndasah.")],
            ("Confirm that it is yours", link),
            IGNORE,
        ),
        Topic::Invitation { link } => said(
            format!("Invitation to {organization}"),
            [format!("You are invited to work with {organization} on Hndasah.")],
            ("Accept the invitation and choose a password", link),
            IGNORE,
        ),
        Topic::PasswordReset { link } => said(
            "Set a new password",
            [format!("Somebody asked for a new password for your account at {organization}.")],
            ("Set a new password; the link works once and for a short time", link),
            IGNORE,
        ),
        Topic::PasswordChanged { page } => said(
            "Your password was changed",
            [format!("The password of your account at {organization} was changed, and all other \
                sessions were ended.")],
            ("Set another password", page),
            NOT_YOU,
        ),
        Topic::SessionRevoked { page } => said(
            "One of your sessions was ended",
            ["A sign-in that had been used before was used again. Somebody may have copied it, so \
                we ended that session on every device.".to_owned()],
            ("See your sessions", page),
            NOT_YOU,
        ),
        Topic::SecondFactorChanged { page } => said(
            "Your two-step sign-in was changed",
            [format!("Two-step sign-in or its recovery codes were changed for your account at \
                {organization}.")],
            ("See your security settings", page),
            NOT_YOU,
        ),
        Topic::Key { name, news, page } => english_key(organization, name, news, page),
    }
}

fn english_key(organization: &str, name: &str, news: &KeyNews, page: &str) -> Said {
    let name = super::tame(name);
    let whose = format!("API key of {organization}: {name}");
    match news {
        KeyNews::Waiting { until } => said(
            "A new API key waits for you",
            [
                whose,
                format!(
                    "It is time to change this key. A new one is ready and can be seen \
                once, until {until}; the old one ends with it."
                ),
            ],
            ("See the new key", page),
            "",
        ),
        KeyNews::Old { made, ends } => said(
            "An API key should be changed",
            [
                whose,
                format!(
                    "It was made on {made} and ends on {ends}. Keys should be changed \
                every 90 days."
                ),
            ],
            ("Change the key", page),
            "",
        ),
        KeyNews::Ends { on } => said(
            "An API key is about to end",
            [whose, format!("It ends on {on}. What uses it stops working then.")],
            ("Change the key", page),
            "",
        ),
    }
}

fn arabic(organization: &str, topic: &Topic) -> Said {
    const NOT_YOU: &str = "إذا لم تكن أنت من فعل ذلك فغيّر كلمة المرور فورًا وأبلغ مسؤول النظام.";
    const IGNORE: &str = "إذا لم تكن تتوقع هذه الرسالة فتجاهلها، ولن يحدث شيء.";
    match topic {
        Topic::VerifyEmail { link } => said(
            "تأكيد عنوان بريدك الإلكتروني",
            [format!("أُعطي هذا العنوان لحساب في هندسة لدى: {organization}")],
            ("أكِّد أن العنوان لك", link),
            IGNORE,
        ),
        Topic::Invitation { link } => said(
            format!("دعوة للانضمام إلى {organization}"),
            [format!("أنت مدعو للعمل على منصة هندسة مع: {organization}")],
            ("اقبل الدعوة واختر كلمة مرور", link),
            IGNORE,
        ),
        Topic::PasswordReset { link } => said(
            "تعيين كلمة مرور جديدة",
            [format!("طلب أحدهم كلمة مرور جديدة لحسابك لدى: {organization}")],
            ("عيّن كلمة مرور جديدة؛ يعمل الرابط مرة واحدة ولوقت قصير", link),
            IGNORE,
        ),
        Topic::PasswordChanged { page } => said(
            "تم تغيير كلمة المرور",
            [format!("تم تغيير كلمة مرور حسابك وإنهاء جميع الجلسات الأخرى لدى: {organization}")],
            ("عيّن كلمة مرور أخرى", page),
            NOT_YOU,
        ),
        Topic::SessionRevoked { page } => said(
            "تم إنهاء إحدى جلساتك",
            ["استُخدم تسجيل دخول سبق استخدامه. قد يكون أحدهم نسخه، لذلك أنهينا هذه الجلسة على \
                جميع الأجهزة."
                .to_owned()],
            ("اعرض جلساتك", page),
            NOT_YOU,
        ),
        Topic::SecondFactorChanged { page } => said(
            "تم تغيير الدخول بخطوتين",
            [format!("تم تغيير الدخول بخطوتين أو رموز الاسترداد لحسابك لدى: {organization}")],
            ("اعرض إعدادات الأمان", page),
            NOT_YOU,
        ),
        Topic::Key { name, news, page } => arabic_key(organization, name, news, page),
    }
}

fn arabic_key(organization: &str, name: &str, news: &KeyNews, page: &str) -> Said {
    let lines = |news: String| {
        [format!("المؤسسة: {organization}"), format!("مفتاح API: {}", super::tame(name)), news]
    };
    match news {
        KeyNews::Waiting { until } => said(
            "مفتاح API جديد بانتظارك",
            lines(format!(
                "حان وقت تغيير هذا المفتاح. المفتاح الجديد جاهز ويُعرض مرة واحدة، وينتهي \
                القديم معه. آخر موعد: {until}"
            )),
            ("اعرض المفتاح الجديد", page),
            "",
        ),
        KeyNews::Old { made, ends } => said(
            "ينبغي تغيير مفتاح API",
            lines(format!("ينبغي تغيير المفاتيح كل 90 يومًا. أُنشئ في {made} وينتهي في {ends}")),
            ("غيّر المفتاح", page),
            "",
        ),
        KeyNews::Ends { on } => said(
            "مفتاح API على وشك الانتهاء",
            lines(format!("يتوقف كل ما يستخدمه عند انتهائه في {on}")),
            ("غيّر المفتاح", page),
            "",
        ),
    }
}

fn russian(organization: &str, topic: &Topic) -> Said {
    const NOT_YOU: &str = "Если это были не вы, сразу смените пароль и сообщите администратору.";
    const IGNORE: &str = "Если вы не ждали этого письма, не обращайте на него внимания.";
    match topic {
        Topic::VerifyEmail { link } => said(
            "Подтвердите адрес электронной почты",
            [format!("Этот адрес указали для {organization} в Hndasah.")],
            ("Подтвердить, что адрес ваш", link),
            IGNORE,
        ),
        Topic::Invitation { link } => said(
            format!("Приглашение: {organization}"),
            [format!("Вас приглашают работать в Hndasah. Организация: {organization}.")],
            ("Принять приглашение и выбрать пароль", link),
            IGNORE,
        ),
        Topic::PasswordReset { link } => said(
            "Новый пароль",
            [format!(
                "Кто-то запросил новый пароль для вашей учётной записи. Организация: \
                {organization}."
            )],
            ("Задать новый пароль; ссылка действует один раз и недолго", link),
            IGNORE,
        ),
        Topic::PasswordChanged { page } => said(
            "Ваш пароль изменён",
            [format!(
                "Пароль вашей учётной записи изменён, остальные сеансы завершены. \
                Организация: {organization}."
            )],
            ("Задать другой пароль", page),
            NOT_YOU,
        ),
        Topic::SessionRevoked { page } => said(
            "Один из ваших сеансов завершён",
            ["Уже использованный вход предъявили ещё раз. Возможно, его скопировали, поэтому мы \
                завершили этот сеанс на всех устройствах."
                .to_owned()],
            ("Посмотреть сеансы", page),
            NOT_YOU,
        ),
        Topic::SecondFactorChanged { page } => said(
            "Двухэтапный вход изменён",
            [format!(
                "Двухэтапный вход или его резервные коды изменены. Организация: \
                {organization}."
            )],
            ("Посмотреть настройки безопасности", page),
            NOT_YOU,
        ),
        Topic::Key { name, news, page } => russian_key(organization, name, news, page),
    }
}

fn russian_key(organization: &str, name: &str, news: &KeyNews, page: &str) -> Said {
    let whose = format!("Ключ API: {}. Организация: {organization}.", super::tame(name));
    match news {
        KeyNews::Waiting { until } => said(
            "Вас ждёт новый ключ API",
            [
                whose,
                format!(
                    "Этот ключ пора сменить. Новый готов, его можно увидеть один раз, до \
                {until}; тогда же перестанет работать старый."
                ),
            ],
            ("Посмотреть новый ключ", page),
            "",
        ),
        KeyNews::Old { made, ends } => said(
            "Ключ API пора сменить",
            [
                whose,
                format!(
                    "Он создан {made} и действует до {ends}. Ключи следует менять каждые \
                90 дней."
                ),
            ],
            ("Сменить ключ", page),
            "",
        ),
        KeyNews::Ends { on } => said(
            "Ключ API скоро перестанет действовать",
            [whose, format!("Он действует до {on}. То, что им пользуется, перестанет работать.")],
            ("Сменить ключ", page),
            "",
        ),
    }
}
