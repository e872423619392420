//! Short and familiar names.

/// The familiar name and the names it may stand for. Russian ones without their last vowel.
const NICKNAMES: [(&str, &[&str]); 58] = [
    ("mo", &["mohammed", "mohamed"]),
    ("moe", &["mohammed", "mohamed"]),
    ("hamoudi", &["mohammed", "ahmed"]),
    ("hamada", &["mohammed", "ahmed"]),
    ("hamudi", &["mohammed", "ahmed"]),
    ("حموده", &["محمد", "احمد"]),
    ("حماده", &["محمد", "احمد"]),
    ("ميدو", &["محمد", "احمد"]),
    ("abboud", &["abdullah", "abdulrahman"]),
    ("عبود", &["عبدالله", "عبدالرحمن"]),
    ("خلودي", &["خالد"]),
    ("joe", &["joseph", "yousef"]),
    ("mike", &["michael"]),
    ("alex", &["alexander", "alexey"]),
    ("sam", &["samuel", "samir", "sameer"]),
    ("tony", &["anthony", "antoine"]),
    ("bob", &["robert"]),
    ("rob", &["robert"]),
    ("dave", &["david"]),
    ("steve", &["steven", "stephen"]),
    ("chris", &["christopher"]),
    ("tom", &["thomas"]),
    ("jim", &["james"]),
    ("dan", &["daniel"]),
    ("nick", &["nicholas", "nikolay"]),
    ("andy", &["andrew"]),
    ("matt", &["matthew"]),
    ("ben", &["benjamin"]),
    ("max", &["maxim", "maksim"]),
    ("ron", &["ronald"]),
    ("raj", &["rajesh", "rajesh kumar", "rajendra"]),
    ("jon", &["jonathan", "john"]),
    ("саш", &["александр", "александра"]),
    ("сан", &["александр"]),
    ("санек", &["александр"]),
    ("дим", &["дмитрии"]),
    ("димон", &["дмитрии"]),
    ("паш", &["павел"]),
    ("миш", &["михаил"]),
    ("кол", &["николаи"]),
    ("колян", &["николаи"]),
    ("вов", &["владимир"]),
    ("володь", &["владимир"]),
    ("волод", &["владимир"]),
    ("вас", &["василии"]),
    ("ван", &["иван"]),
    ("леш", &["алексеи"]),
    ("леха", &["алексеи"]),
    ("лех", &["алексеи"]),
    ("серег", &["сергеи"]),
    ("сереж", &["сергеи"]),
    ("жен", &["евгении"]),
    ("юр", &["юрии"]),
    ("кост", &["константин"]),
    ("андрюх", &["андреи"]),
    ("толик", &["анатолии"]),
    ("гош", &["георгии"]),
    ("рус", &["руслан"]),
];

/// The names that a familiar one may stand for.
pub(super) fn full_names(word: &str) -> &'static [&'static str] {
    let russian = word.starts_with(|letter| ('\u{400}'..='\u{4ff}').contains(&letter));
    let stem = word.strip_suffix(['а', 'я', 'у', 'ю', 'е', 'и', 'ы', 'ь']).filter(|_| russian);
    let known = NICKNAMES.iter().find(|(nickname, _)| {
        // "Вас" alone is another word.
        let short = russian && nickname.chars().count() < 5;
        stem == Some(nickname) || (!short && word == *nickname)
    });
    known.map_or(&[], |(_, names)| names)
}
