//! Canonical units and their names, and what is counted in pieces.

use crate::entity::dictionary::Rows;
use crate::entity::sense::Sense as S;

pub(super) const ROWS: Rows = &[
    (S::Unit("mm"), "mm|mms|millimet*|مم|ملم|ملي|ميلي|مليمتر|мм|миллиметр*"),
    (S::Unit("cm"), "cm|cms|santi|centimet*|سم|سنتي|سنتيمتر|см|сантиметр*"),
    (
        S::Unit("m"),
        "m|mtr|mtrs|mt r|meter|meters|metre|metres|lm|l . m|rm|rmt|linear meter*|linear metre*|running meter*|running metre*|م|متر|امتار|متر طولي|م ط|م . ط|м|м .|метр*|м . п|м . п .|мп|пог . м|пог м|п . м|погонны* метр*|погон*",
    ),
    (S::Unit("km"), "km|kms|kilomet*|كم|كيلومتر|км|километр*"),
    (
        S::Unit("m2"),
        "m2|m ^ 2|sqm|sqms|sqmt|sq . m|sq m|sq . m .|sq mtr*|sq meter*|sq metre*|square m|square meter*|square metre*|متر مربع|امتار مربعه|م مربع|مربع|م2|م 2|m مربع|м2|м 2|м кв|м . кв|м . кв .|кв . м|кв . м .|кв м|кв . метр*|квадратн* метр*|квадрат*|кв",
    ),
    (
        S::Unit("m3"),
        "m3|m ^ 3|cbm|cum|cu . m|cu m|cu . m .|cubic|cubic m|cubic meter*|cubic metre*|cubes|cube|qubic meter*|متر مكعب|امتار مكعبه|م مكعب|مكعب|كوب|كوبات|م3|م 3|كيوب|متر كوب|м3|м 3|м куб|м . куб|м . куб .|куб|куба|кубу|кубы|кубов|кубик*|кубометр*|kubov|куб . м|куб м|кубическ* метр*",
    ),
    (S::Unit("ft"), "ft|feet|foot|قدم|фут|фута|футов"),
    (S::Unit("in"), "inch|inches|انش|بوصه|дюим*"),
    (S::Unit("g"), "gram|grams|grm|gm|غرام|جرام|грамм*"),
    (
        S::Unit("kg"),
        "kg|kgs|kilo|kilos|kilogram*|كيلو|كجم|كغ|كغم|كيلوغرام|كيلوجرام|кг|кг .|кило|килограмм*",
    ),
    (S::Unit("t"), "t|ton|tons|tonne|tonnes|tn|mt|طن|اطنان|طنا|т|тн|тонн*|tonn"),
    (S::Unit("l"), "l|lt|ltr|ltrs|liter*|litre*|لتر|ليتر|لترات|литр*|л|л ."),
    (S::Unit("gal"), "gallon*|gal|جالون|غالون|جالونات|галлон*"),
    (
        S::Unit("bag"),
        "bag|bags|sack|sacks|kis|kees|akyas|كيس|اكياس|كياس|شيكاره|شكاير|شكاره|شوال|شوالات|خيشه|мешк*|мешок|мешочк*|meshkov",
    ),
    (
        S::Unit("pcs"),
        "pcs|pc|pcs .|piece|pieces|nos|nos .|ea|unit|units|قطعه|قطع|حبه|حبات|عدد|шт|шт .|штук*|штучек|единиц*|экземпляр*",
    ),
    (S::Unit("roll"), "roll|rolls|coil|coils|رول|رولات|لفه|لفات|рулон*|бухт*"),
    (
        S::Unit("truck"),
        "truck|trucks|truckload*|truck load*|load|loads|lorry|lorries|dump truck*|tipper*|mixer|mixers|transit mixer*|tanker*|شاحنه|شاحنات|سياره|سيارات|قلاب|قلابات|نقله|نقلات|خلاطه|خلاطات|تريلا|تريلات|تنكر|تناكر|машин*|миксер*|самосвал*|фур|фура|фуры|фуру|камаз*",
    ),
    (S::Unit("trip"), "trip|trips|ردود|رحله|رحلات|نقله|реис*|ходок|ходки|ходка"),
    (
        S::Unit("pallet"),
        "pallet|pallets|palette|palettes|skid|skids|طبليه|طبليات|طبالي|بالته|باليت|باليتات|بالتات|поддон*|паллет*|палет*",
    ),
    (
        S::Unit("box"),
        "box|boxes|carton|cartons|crate|crates|كرتون|كرتونه|كراتين|صندوق|صناديق|علبه|علب|ящик*|короб*|упаков*|пачек|пачк*",
    ),
    (
        S::Unit("sheet"),
        "sheet|sheets|lo7|alwa7|board|boards|لوح|الواح|لوحه|لوحات|лист|листа|листов|листы",
    ),
    (
        S::Unit("bundle"),
        "bundle|bundles|bdl|bdls|ربطه|ربطات|ربط|حزمه|حزم|رزمه|пучк*|связк*|пачка арматур*|вязан*",
    ),
    (S::Unit("bar"), "bars|rod|rods|سيخ|اسياخ|قضيب|قضبان|стержн*|прут|прута|прутов|хлыст*"),
    (S::Unit("pair"), "pair|pairs|جوز|اجواز|ازواج|пар|пары"),
    (S::Unit("set"), "set|sets|طقم|اطقم|سيت|комплект*|набор*"),
    (S::Unit("drum"), "drum|drums|barrel|barrels|برميل|براميل|бочк*|бочек|барабан*"),
    (
        S::Unit("can"),
        "cans|canister|canisters|bucket|buckets|pail|pails|tin|tins|جردل|سطل|سطول|تنكه|تنكات|بستله|канистр*|ведро|ведра|ведер|банки|банок",
    ),
    (
        S::Unit("person"),
        "worker|workers|wrkrs|labourer|labourers|laborer|laborers|labour|labours|labor|labors|men|man|people|ppl|person|persons|pax|manpower|mason|masons|carpenter|carpenters|helper|helpers|electrician|electricians|plumber|plumbers|painter|painters|plasterer|plasterers|welder|welders|driver|drivers|operator|operators|engineer|engineers|foreman|foremen|supervisor|supervisors|guard|guards|fitter|fitters|tiler|tilers|rigger|riggers|scaffolder|scaffolders|technician|technicians|staff|guys|skilled|unskilled|steel fixer|steel fixers|steelfixer*|fixers|crew members",
    ),
    (
        S::Unit("person"),
        "عامل|عمال|عاملا|عماله|شغيل|شغيله|شخص|اشخاص|نفر|انفار|افراد|فرد|نجار|نجارين|حداد|حدادين|بنا|بنايين|مليس|مليسين|دهان|دهانين|سباك|سباكين|كهربايي|كهربجيه|كهرباييين|مبلط|مبلطين|لحام|لحامين|سايق|سايقين|سواق|سواقين|مهندس|مهندسين|فني|فنيين|مساعد|مساعدين|معلم|معلمين|صنايعي|صنايعيه|مراقب|مشرف|مشرفين|حارس|حراس|najjarin|naggarin|naggareen|najjareen|7 addadin|3 omal|3 ommal|3 amel|3 mal",
    ),
    (
        S::Unit("person"),
        "рабоч*|человек|chelovek|lyudei|человека|чел|чел .|людеи|люди|монтажник*|каменщик*|сварщик*|арматурщик*|плотник*|бетонщик*|маляр*|штукатур*|отделочник*|электрик*|сантехник*|кровельщик*|водител*|крановщик*|стропальщик*|разнорабоч*|инженер*|прораб*|охранник*|плиточник*|фасадчик*|работник*|сотрудник*|итр",
    ),
    (
        S::Piece,
        "block|blocks|brick|bricks|tile|tiles|pipe|pipes|cylinder|cylinders|prop|props|plank|planks|panel|panels|door|doors|window|windows|socket|sockets|switch|switches|valve|valves|pump|pumps|helmet|helmets|harness|harnesses|extinguisher*|lamp|lamps|jack|jacks|clamp|clamps|anchor|anchors|bolt|bolts|coupler|couplers|plate|plates|cable|cables|hinge|hinges|lock|locks|locker|basin|basins|sink|sinks|tap|taps|mixer tap*|vests|vest|gloves|test cubes|cube samples|samples|sample|cylinders samples|manhole covers|spacers|chairs|cover blocks|tube|tubes|h beams|i beams",
    ),
    (
        S::Piece,
        "طابوق|طابوقه|طوب|طوبه|بلوكه|بلوكات|بلكه|بلكات|بلاطه|بلاطات|ماسوره|مواسير|انبوب|انابيب|باب|ابواب|شباك|شبابيك|نافذه|نوافذ|مضخه|مضخات|خوذه|خوذات|خوذ|طفايه|طفايات|لمبه|لمبات|حنفيه|حنفيات|محبس|محابس|خشبه|عارضه|جك|جكات|برغي|براغي|عينه|عينات|مكعبات|حجر|حجاره|مروحه|قفل|اقفال",
    ),
    (
        S::Piece,
        "блоков|блока|блоки|кирпич*|плиток|плитки|труб|трубы|трубу|двереи|двери|дверь|окон|окна|окно|панел*|розет*|выключател*|насос*|каск*|касок|огнетушител*|ламп*|болт*|гаек|гаика|анкер*|досок|доски|доску|балок|балки|балку|сваи|свая|сваю|бордюр*|люк|люка|люков|опор|опоры|опалубок|плит|щит|щита|щитов|стоек|стоики|унитаз*|раковин*|радиатор*|колец|кольца|образц*|проб|вентил*|задвиж*|светильник*",
    ),
    (S::TwoUnit("bag"), "كيسين|شوالين|شيكارتين|شكارتين"),
    (S::TwoUnit("t"), "طنين"),
    (S::TwoUnit("m"), "مترين"),
    (S::TwoUnit("l"), "لترين"),
    (S::TwoUnit("truck"), "سيارتين|شاحنتين|نقلتين|تريلتين|تنكرين|خلاطتين"),
    (S::TwoUnit("trip"), "رحلتين"),
    (S::TwoUnit("roll"), "رولين|لفتين"),
    (S::TwoUnit("box"), "كرتونتين|صندوقين|علبتين"),
    (S::TwoUnit("sheet"), "لوحين"),
    (S::TwoUnit("pallet"), "طبليتين|بالتتين"),
    (S::TwoUnit("drum"), "برميلين"),
    (S::TwoUnit("bundle"), "ربطتين|حزمتين"),
    (S::TwoUnit("pcs"), "حبتين|قطعتين|بابين|شباكين|بلوكتين|مضختين|ماسورتين"),
    (S::TwoUnit("person"), "عاملين اثنين|شخصين|نفرين"),
    (S::HalfUnit("t"), "полтонны"),
    (S::HalfUnit("m3"), "полкуба"),
    (S::HalfUnit("m"), "полметра"),
    (S::HalfUnit("bag"), "полмешка"),
    (S::HalfUnit("l"), "поллитра"),
    (
        S::Percent,
        "%|percent|percents|per cent|pct|prcnt|persent|percentage|بالميه|بالمايه|في الميه|في المايه|ف الميه|bil miye|bel miye|bilmiye|процент*|проц|проц .",
    ),
];
