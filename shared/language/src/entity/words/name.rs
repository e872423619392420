//! Words around the names of people, suppliers and projects.

use crate::entity::dictionary::Rows;
use crate::entity::sense::Sense as S;

pub(super) const ROWS: Rows = &[
    (
        S::Title,
        "mr|mr .|mrs|ms|miss|eng|eng .|engr|engr .|engineer|arch|arch .|dr|dr .|sheikh|boss|chief|foreman|brother|bro|hajji|haji|hajj|ask|tell|remind|inform|notify|call|contact|@|hi|hello|hey|dear|thanks|assign|assigned to|from mr|for mr|by mr|mudir|ya|ostaz|ustaz|bashmohandes|bashmohandis|mohandes",
    ),
    (
        S::Title,
        "المهندس|مهندس|للمهندس|م|م .|المعلم|معلم|الاستاذ|استاذ|للاستاذ|الحاج|حاج|الشيخ|شيخ|السيد|سيد|الدكتور|دكتور|الاخ|اخوي|اخي|يا|باشمهندس|الباشمهندس|بشمهندس|البشمهندس|ريس|الريس|الاسطي|اسطي|ذكر|خبر|خبروا|كلم|كلموا|احكي مع|قول ل|اسال|اسال المهندس|عند|مع",
    ),
    (
        S::Title,
        "господин|господина|г - н|инженер|инженеру|инженера|инженером|прораб|прорабу|прораба|прорабом|мастер|мастеру|мастера|бригадир|бригадиру|бригадира|начальник|скажи|скажите|передаи|передаите|напомни|напомните|сообщи|сообщите|спроси|спросите|позвони|позвоните|поручи|поручите|товарищ|уважаемыи|привет",
    ),
    (S::Father, "abu|abo|abou|bu|umm|um|om|ابو|ابي|بو|ام|ابوي|абу"),
    (
        S::SupplierCue,
        "from|by|supplier|suppliers|vendor|company|co|contractor|subcontractor|sub|factory|ordered from|delivered by|paid to|to|with|من|من شركه|شركه|لشركه|موسسه|مورد|المورد|من المورد|مصنع|مقاول|المقاول|محل|مكتب|min|men|mn|от|у|из|фирма|фирмы|фирме|поставщик|поставщика|поставщику|поставщиком|компания|компании|компанию|подрядчик|подрядчика|подрядчику|субподрядчик|субподрядчика|завод|завода|заводом|ооо|оао|зао|ао|ип|тоо|организация",
    ),
    (
        S::ProjectCue,
        "project|projects|site|job|مشروع|المشروع|بمشروع|لمشروع|موقع|الموقع|بموقع|ورشه|الورشه|проект|проекта|проекту|проекте|объект|объекта|объекте|объекту|строика|строике|площадка|площадке|жк",
    ),
    (
        S::Common,
        "llc|l . l . c|ltd|limited|inc|co|company|est|establishment|group|trading|contracting|contractors|general|building|materials|material|supplies|supply|services|service|industries|industrial|international|factory|ready mix|readymix|steel|cement|concrete|transport|equipment|rental|engineering|construction|constructions|corporation|corp|bros|brothers|sons|and|the|of|for|al|el|new|old",
    ),
    (
        S::Common,
        "شركه|موسسه|مجموعه|مصنع|للتجاره|التجاريه|للمقاولات|المقاولات|مقاولات|مواد|البنا|بنا|العامه|العالميه|الدوليه|للخدمات|خدمات|للنقل|نقل|للصناعه|الصناعيه|حديد|اسمنت|خرسانه|معدات|للمعدات|ذمم|ذ . م . م|المحدوده|واولاده|وشركاه|اخوان",
    ),
    (
        S::Common,
        "ооо|оао|зао|ао|ип|пао|тоо|компания|группа|завод|торг|строи|строиматериалы|материалы|сервис|бетон|сталь|транс|гк|тд|торговыи|дом|и|по|на|в|для",
    ),
    (
        S::Common,
        "project|site|tower|towers|villa|villas|residence|residences|building|buildings|phase|complex|block|compound|mall|hotel|school|hospital|warehouse|road|development|heights|gardens|park|city|center|centre|مشروع|برج|ابراج|فيلا|فلل|مجمع|عماره|مبني|مدرسه|مستشفي|فندق|مول|مركز|حي|سكني|السكني|مرحله|مدينه|проект|жк|жилои|комплекс|дом|дома|корпус|очередь|объект|школа|больница|центр|тц|бц|улица|ул",
    ),
    (
        S::Passing,
        "done|finished|finish|finishing|complete|completed|completing|closed|close|ready|over|handed|start|started|starting|begin|began|begun|progress|reached|percent|going|ongoing|blocked|stuck|stopped|waiting|hold|failed|rejected|pass|passed|task|tasks|job|todo|item|activity|status|update|updates|state|late|delayed|delay|behind|schedule|urgent|asap|urgently|good|bad|great|very|not|yet|no|yes|ok|okay|please|pls|plz|thanks|thank|hello|hi|dear|morning|when|what|how|much|many|who|which|where|why|is|are|was|were|be|been|being|has|have|had|do|does|did|will|would|can|could|should|must|may|the|a|an|of|on|in|at|to|for|from|by|with|and|or|but|we|i|you|they|he|she|it|its|our|my|your|their|this|that|these|those|there|here|now|today|tomorrow|yesterday|all|some|any|more|still|already|just|about|after|before|until|up|down|out|as|if|so|than|then|also|again|show|tell|send|give|let|know|need|needs|want|work|works|got|get|make|made|near|half|almost|nearly",
    ),
    (
        S::Passing,
        "خلص|خلصت|خلصنا|خلصوا|خلصان|خلصانه|انتهي|انتهت|انتهينا|الانتها|اكتمل|اكتملت|جاهز|جاهزه|جهز|جهزت|تم|تمت|منجز|انجزنا|بدا|بدات|بدانا|بلشنا|بلش|بلشت|نبدا|وصل|وصلت|وصلنا|نسبه|انجاز|الانجاز|تقدم|متوقف|متوقفه|واقف|واقفه|توقف|ننتظر|بانتظار|مستني|فشل|فشلت|رسب|مرفوض|مهمه|مهام|المهمه|المهام|شغل|الشغل|العمل|عمل|حاله|وضع|الوضع|متاخر|تاخير|متاخره|عاجل|ضروري|مستعجل|جيد|ممتاز|سي|جدا|كتير|مش|مو|لم|لا|ما|ليس|نعم|اي|ايوه|تمام|طيب|من|الي|في|علي|عن|مع|هذا|هذه|هاد|هاي|اللي|الذي|التي|كل|بعض|قبل|بعد|عند|هو|هي|نحن|احنا|انا|انت|كان|كانت|يكون|رح|راح|سوف|لازم|ممكن|متي|كم|شو|وين|كيف|ليش|ايش|اليوم|بكرا|بكره|امبارح|الان|الحين|هلا|شكرا|مرحبا|السلام|عليكم|لو|سمحت|بس|كمان|لسه|لسا|بعدها|نص|تقريبا|يا|او|ثم",
    ),
    (
        S::Passing,
        "готов*|закончил*|закончен*|заканчива*|завершен*|завершил*|завершили|сделан*|сделал*|доделал*|выполнен*|выполнил*|сдан|сдана|сдали|начал*|начат*|начина*|приступил*|прогресс|процент*|идет|идут|стоит|стоим|ждем|ожида*|заблокирован*|остановлен*|остановил*|не|нет|да|ок|провален*|отклонен*|прошл*|задача|задачу|задачи|задаче|задач|работа|работы|работу|работ|статус|состояние|отстаем|опозда*|задерж*|срочно|хорошо|плохо|очень|отлично|спасибо|пожалуиста|привет|здравствуите|добрыи|день|утро|когда|что|как|сколько|кто|какои|какая|какие|где|почему|в|во|на|по|из|к|ко|с|со|у|о|об|от|до|для|за|и|а|но|или|это|этот|эта|мы|я|вы|они|он|она|оно|наш|мои|уже|еще|все|там|тут|здесь|сегодня|завтра|вчера|будет|был|была|было|были|есть|надо|нужно|можно|под|над|при|почти|половин*|чтобы|если|то|же|бы|ли",
    ),
];
