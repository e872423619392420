//! The words of a code, in the languages the product speaks.
//!
//! The digits have a line of their own, so that right-to-left and left-to-right never mix in one.

use domain::Language;
use domain::text::clip;

/// Characters of a name that are shown. Few: whoever asks for a code chooses the name, and a
/// stranger reads it.
const NAME_CHARS: usize = 40;

/// Says whom the number would belong to: its owner may be somebody else, and should know.
pub(super) fn code(language: Language, organisation: &str, person: &str, digits: &str) -> String {
    let (organisation, person) = (in_line(organisation), in_line(person));
    match language {
        Language::En => format!(
            "{person} wants to use this number at {organisation}. The code is:\n{digits}\n\
             It is good for 10 minutes. If you are not {person}, tell it to nobody."
        ),
        Language::Ar => format!(
            "يريد {person} استخدام هذا الرقم في {organisation}. الرمز هو:\n{digits}\n\
             الرمز صالح لمدة 10 دقائق. إذا لم تكن {person} فلا تخبر به أحدًا."
        ),
        Language::Ru => format!(
            "{person} хочет использовать этот номер в «{organisation}». Код:\n{digits}\n\
             Код действует 10 минут. Если вы не {person}, никому его не сообщайте."
        ),
    }
}

fn in_line(name: &str) -> String {
    clip(&name.split_whitespace().collect::<Vec<_>>().join(" "), NAME_CHARS)
}
