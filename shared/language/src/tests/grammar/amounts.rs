//! Amounts of money: how they are written, and what is none.

use domain::{Currency, Language};

use super::{check, check_with};
use crate::Hints;

#[test]
fn digits_with_currencies_before_behind_and_glued() {
    check(&[
        ("1500aed", "1500 AED"),
        ("AED1500", "1500 AED"),
        ("AED1,500.50", "1500.5 AED"),
        ("$1,2k", "1200 USD"),
        ("1.5k usd", "1500 USD"),
        ("2.3M AED", "2300000 AED"),
        ("2.3M paid so far", "2300000 AED"),
        ("Dhs. 750", "750 AED"),
        ("dhs 1,250.75", "1250.75 AED"),
        ("750 dhs.", "750 AED"),
        ("Rs. 1500/-", "1500 INR"),
        ("SR 12 000", "12000 SAR"),
        ("12000﷼", "12000 SAR"),
        ("KD 12.500", "12.5 KWD"),
        ("12.500 KD", "12.5 KWD"),
        ("BD 1.250", "1.25 BHD"),
        ("OMR 3.125", "3.125 OMR"),
        ("5,000 QR", "5000 QAR"),
        ("JD 45", "45 JOD"),
        ("500 LE", "500 EGP"),
        ("500 le for diesel", "500 EGP"),
        ("5000 ج.م", "5000 EGP"),
        ("1,500,000 L.L.", "1500000 LBP"),
        ("250 ل.س", "250 SYP"),
        ("₽500", "500 RUB"),
        ("500₽", "500 RUB"),
        ("500 р.", "500 RUB"),
        ("50 т.р.", "50000 RUB"),
        ("15 тыс.руб.", "15000 RUB"),
        ("100 000 тенге", "100000 KZT"),
        ("2 млн сум", "2000000 UZS"),
        ("300 манат", "300 AZN"),
        ("200 баксов", "200 USD"),
        ("200 bucks", "200 USD"),
        ("1.234,56 €", "1234.56 EUR"),
        ("€ 99", "99 EUR"),
        ("£1,200", "1200 GBP"),
        ("900 TL", "900 TRY"),
        ("١٢٬٥٠٠ د.إ", "12500 AED"),
        ("بـ٥٠٠ درهم", "500 AED"),
        ("ب 500 درهم", "500 AED"),
        ("total:500 aed", "500 AED"),
        ("AED: 500", "500 AED"),
        ("AED 3.2 mn", "3200000 AED"),
        ("2mn riyals", "2000000 SAR"),
    ]);
}

#[test]
fn numbers_in_words() {
    check(&[
        ("two thousand five hundred dirhams", "2500 AED"),
        ("twenty-five hundred dollars", "2500 USD"),
        ("a hundred and fifty riyals", "150 SAR"),
        ("one and a half million AED", "1500000 AED"),
        ("half a million dirhams", "500000 AED"),
        ("two and a half thousand dollars", "2500 USD"),
        ("fifteen k aed", "15000 AED"),
        ("2 thousand 500 aed", "2500 AED"),
        ("2 million and 300 thousand SAR", "2300000 SAR"),
        ("nine hundred ninety-nine thousand nine hundred ninety-nine AED", "999999 AED"),
        ("مليونين ريال", "2000000 SAR"),
        ("ألفين درهم", "2000 AED"),
        ("ألفين وخمسمية درهم", "2500 AED"),
        ("نص مليون درهم", "500000 AED"),
        ("مليون ونص درهم", "1500000 AED"),
        ("ثلاثة آلاف وخمسمية ريال", "3500 SAR"),
        ("خمسة وعشرين ألف جنيه", "25000 EGP"),
        ("مية وخمسين دينار كويتي", "150 KWD"),
        ("مئتان وخمسون درهماً", ""),
        ("مئتين وخمسين درهم", "250 AED"),
        ("تلتمية وخمسة وسبعين ليرة سورية", "375 SYP"),
        ("ثلاثة ونص مليون ريال", "3500000 SAR"),
        ("12 ألف و500 درهم", "12500 AED"),
        ("2 مليون و 300 ألف ريال", "2300000 SAR"),
        ("ربع مليون دولار", "250000 USD"),
        ("خمسطعش ألف دينار عراقي", "15000 IQD"),
        ("полторы тысячи рублей", "1500 RUB"),
        ("две с половиной тысячи рублей", "2500 RUB"),
        ("пол миллиона рублей", "500000 RUB"),
        ("полмиллиона тенге", "500000 KZT"),
        ("сорок пять тысяч триста рублей", "45300 RUB"),
        ("двадцать одну тысячу пятьсот рублей", "21500 RUB"),
        ("сто двадцать пять долларов", "125 USD"),
        ("полтора миллиона дирхам", "1500000 AED"),
        ("5amsin dirham", "50 AED"),
        ("5 amsmiye dirham", ""),
        ("alfen dirham", "2000 AED"),
        ("tlata alaf dirham", "3000 AED"),
        ("3ashra alaf riyal", "10000 SAR"),
        ("nos melyon dirham", "500000 AED"),
    ]);
}

#[test]
fn a_number_alone_is_money_where_the_message_pays() {
    check(&[
        ("paid 1500", "1500 AED"),
        ("spent 300 on diesel", "300 AED"),
        ("we spent about 2k on sand", "2000 AED"),
        ("paid 3 electricity bills", ""),
        ("paid 1500/- to the driver", "1500 AED"),
        ("cost was 12,500", "12500 AED"),
        ("budget is 2 million", "2000000 AED"),
        ("دفعت 1500 للسواق", "1500 AED"),
        ("صرفنا ٣٠٠ ديزل", "300 AED"),
        ("اشترينا اسمنت ب 500", "500 AED"),
        ("اشترينا حديد بـ12 ألف", "12000 AED"),
        ("دفعنا مية وخمسين عن النقل", ""),
        ("заплатили 45000 бригаде", "45000 AED"),
        ("оплатил 12к за доставку", "12000 AED"),
        ("потратили 45 тыс на крепеж", "45000 AED"),
        ("купили 3 двери", "3 pcs"),
        ("dafa3na 500 la el sawwa2", "500 AED"),
        ("total 4,500 paid cash", "4500 AED"),
    ]);
}

#[test]
fn ranges_give_both_ends_and_minus_is_negative() {
    check(&[
        ("1500-2000 AED", "1500 AED; 2000 AED"),
        ("AED 500-600", "500 AED; 600 AED"),
        ("AED 500 to 600", "500 AED; 600 AED"),
        ("2-3 thousand dirhams", "2000 AED; 3000 AED"),
        ("between 5 and 7 million SAR", "5000000 SAR; 7000000 SAR"),
        ("من 500 إلى 700 ريال", "500 SAR; 700 SAR"),
        ("от 500 до 700 рублей", "500 RUB; 700 RUB"),
        ("-500 AED", "-500 AED"),
        ("AED -500", "-500 AED"),
        ("minus 250 dirhams", "-250 AED"),
        ("ناقص 250 درهم", "-250 AED"),
        ("500 AED CR", "-500 AED"),
        ("refund - 500 AED", "500 AED"),
    ]);
}

#[test]
fn codes_names_and_numbers_of_other_things_survive() {
    check(&[
        ("paid for C30/37", ""),
        ("paid for B500B and Ø12@200", ""),
        ("concrete M300 paid", ""),
        ("бетон В25 оплатили", ""),
        ("grade 60 steel paid", ""),
        ("paid, tel 0501234567", ""),
        ("paid, call +971 50 123 4567", ""),
        ("+971501234567 paid", ""),
        ("8 (916) 123-45-67 оплата", ""),
        ("emirates id 784-1990-1234567-1, paid", ""),
        ("iban AE070331234567890123456 paid", ""),
        ("paid INV-2024-001", "doc INV-2024-001"),
        ("paid PO#123", "doc PO#123"),
        ("invoice #4512 paid 300", "doc invoice #4512; 300 AED"),
        ("invoice 500 AED", "500 AED"),
        ("paid for floor 3", "at floor 3"),
        ("paid at axis C3", "at axis C3"),
        ("плата за кв. 12", "at кв. 12"),
        ("paid at 5:30 pm", "17:30"),
        ("paid on 12/3", "2026-03-12"),
        ("paid, mix 1:2:4", ""),
        ("paid, scale 1:50", ""),
        ("paid, level +3.50", "at level +3.50"),
        ("paid, slab 300x600", ""),
        ("paid, call ext 204", ""),
        ("mail ali@site12.com about payment", ""),
        ("https://x.com/2500 payment", ""),
        ("try 5 times", ""),
        ("paid room 204", "at room 204"),
        ("paid since 2024", ""),
    ]);
}

#[test]
fn a_shared_name_is_the_hinted_currency() {
    for (currency, message, expected) in [
        ("QAR", "500 riyals", "500 QAR"),
        ("OMR", "3.125 ريال", "3.125 OMR"),
        ("JOD", "20 دينار", "20 JOD"),
        ("KWD", "1.500 دينار", "1.5 KWD"),
        ("LBP", "500 ألف ليرة", "500000 LBP"),
        ("EGP", "500 pounds", "500 EGP"),
        ("PKR", "Rs 500", "500 PKR"),
        ("AED", "20 دينار", "20 ?"),
        ("SAR", "500 dirhams", "500 AED"),
        ("RUB", "500 долларов", "500 USD"),
    ] {
        let hints = Hints {
            language: Some(Language::Ar),
            currency: currency.parse::<Currency>().ok(),
            ..Hints::default()
        };
        check_with(&hints, &[(message, expected)]);
    }
}
