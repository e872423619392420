//! English, as it is written on sites.

use super::Concept as C;

pub(super) const WORDS: &[(C, &str)] = &[
    (C::Add, "add|create|new|make|log a|log an|set up a|assign|register|put|open a|note down"),
    (C::Remind, "remind me to|remind us to|remind the team to|reminder to|don't forget to"),
    (
        C::Ask,
        "what|what's|which|who|where|where's|how|why|can you tell|do we|did we|did they|have we|has the|is the|are the|is there|are there|?",
    ),
    (
        C::HowMuch,
        "how much|how many|what did we spend|what have we spent|what's the total|what is the total",
    ),
    (C::When, "when|when's|what time|what day|what date|which day|how long|eta"),
    (
        C::Need,
        "need|needs|needed|require|required|request|requesting|order|short of|we want|please bring|please deliver|please supply|bring us|send us|can we get|could we get|we're missing|missing",
    ),
    (
        C::Send,
        "send|send me|share|forward|email me|give me|show me|get me|resend|can i have|can i get|upload",
    ),
    (C::Talk, "talk|speak|connect me|chat|transfer me|put me through|call me|contact"),
    (
        C::Task,
        "task|tasks|todo|to do list|to - do|action item|work item|job list|ticket|punch item",
    ),
    (
        C::MyTasks,
        "my tasks|my task list|open tasks|pending tasks|remaining tasks|list of tasks|list tasks|list the tasks|show tasks|tasks for today|task list|what should i do|what do i do today|what's on my list|what is left to do|what's left to do|overdue tasks",
    ),
    (
        C::Done,
        "done|finished|completed|complete|wrapped up|closed out|all set|handed over|we finished|just finished|ready|✅|✔",
    ),
    (
        C::Started,
        "started|begun|began|commenced|starting|in progress|under way|underway|ongoing|continuing|halfway|half way|working on",
    ),
    (C::Progress, "progress|progressed|percent complete|percent done|so far|up to"),
    (
        C::Blocked,
        "waiting|blocked|stuck|on hold|held up|stopped work|work stopped|work has stopped|waiting for|waiting on|awaiting|can't start|cannot start|can't continue|cannot continue|can't proceed|cannot proceed|unable to proceed|unable to start|no access|standing idle|idle|stalled|stopped because|can't work|cannot work",
    ),
    (
        C::Failed,
        "failed|fails|failing|didn't pass|did not pass|not passed|rejected by the inspector|rejected by the consultant|has to be redone|redo|rework|must be redone|below strength",
    ),
    (C::Test, "test|tests|inspection|inspector|cube|cubes|slump|pressure test"),
    (C::Status, "status|update|updates|situation"),
    (
        C::StatusAsk,
        "how far is|how far are|project status|how is the project|how's the project|how is the site|how is it going on site|how are things going|how are things on site|where are we|how far are we|how far along|any update|any updates|any news|status update|status report|project update|give me an update|what's happening on site|how is the work going|how's the work going|how is work going|what's the latest",
    ),
    (
        C::Schedule,
        "schedule|programme|deadline|timeline|due date|finish date|completion date|start date|milestone|look ahead|lookahead|handover date",
    ),
    (C::Late, "late|delayed|delay|delays|behind schedule|overdue|running late|slipping"),
    (
        C::Paid,
        "paid|pay|spent|spend|bought|purchased|purchase|payment|paying|cost us|costs us|expense|expenses|transferred|settled|advance to",
    ),
    (
        C::Cost,
        "cost|costs|price|budget|invoice|receipt|bill|spending|petty cash|charged|expenditure",
    ),
    (
        C::Overrun,
        "over budget|over the budget|overbudget|exceeded the budget|exceeds the budget|exceed the budget|exceeded budget|budget exceeded|cost overrun|overrun|overruns|above budget|above the budget|more than budgeted|more than planned|more expensive than planned|overspent|overspending|beyond the budget|blew the budget",
    ),
    (
        C::Work,
        "waterproofing|formwork|shuttering|plaster|plastering|painting|excavation|digging|concreting|pour|poured|pouring|casting|cast|installed|installing|installation|blockwork|brickwork|insulation|tiling|wiring|plumbing|scaffold|scaffolding|compaction|backfill|backfilling|demolition|welding|fixing|curing|screed|cladding|landscaping|drainage|hvac|ducting|handover",
    ),
    (
        C::Element,
        "slab|column|columns|beam|beams|wall|walls|roof|foundation|foundations|footing|footings|stair|stairs|ceiling|floor|basement|door|doors|window|windows|facade|parapet|tank|manhole|lift|elevator|pile|piles|block c|bathroom|kitchen",
    ),
    (
        C::Material,
        "cement|rebar|rebars|steel|concrete|sand|gravel|aggregate|brick|bricks|blocks|tile|tiles|paint|timber|plywood|pipe|pipes|cable|cables|wire|diesel|fuel|nails|screws|glass|gypsum|bitumen|membrane|admixture|helmets|gloves|anchors|adhesive|mortar|materials|material|marble",
    ),
    (
        C::RanOut,
        "ran out|run out|running out|out of stock|running low|almost out|used up|none left",
    ),
    (
        C::Arrived,
        "is here|are here|arrived|arrive|delivered|delivery|received|has come|came in|dropped off|unloaded|offloaded|truck is here",
    ),
    (
        C::Defect,
        "out of plumb|not level|mould|mold|not working|doesn't work|out of order|crack|cracks|cracked|cracking|leak|leaks|leaking|leakage|seepage|broken|broke|damage|damaged|defect|defects|defective|honeycomb|honeycombing|snag|snags|flooded|flooding|collapsed|collapse|rust|corrosion|spalling|burst|misaligned|settlement|water ingress|clash|stolen|theft",
    ),
    (C::Trouble, "problem|problems|issue|issues|wrong|mistake|fault|faulty|complaint|breakdown"),
    (
        C::Safety,
        "almost hit|nearly hit|smell of gas|smell gas|gas smell|almost fell|nearly fell|accident|accidents|injured|injury|injuries|hurt|cut his|cut her|burned his|near miss|near - miss|unsafe|no helmet|no helmets|without helmet|without helmets|without a helmet|without harness|without a harness|no harness|not wearing|unstable scaffold|electrocuted|electric shock|fire|smoke|ambulance|hazard|hazardous|bleeding|unconscious|first aid|gas leak|incident|safety violation|safety issue|hospital|exposed wires|exposed wire|live wire|live wires|no edge protection|no guardrail",
    ),
    (C::Fell, "fell|fallen|falling|falls|fell off|fell from|dropped from"),
    (
        C::Person,
        "worker|workers|man|men|labourer|labourers|laborer|laborers|labour|mason|masons|carpenter|carpenters|guy|someone|crew|foreman|operator fell|helper|helpers|manpower|steel fixers|electricians|plumbers|painters",
    ),
    (
        C::Approve,
        "approved|approve|i approve|agreed|i agree|go ahead|confirmed|i confirm|confirm|yes|yes please|ok to proceed|proceed|accepted|ok|okay|👍",
    ),
    (
        C::Reject,
        "rejected|reject|i reject|not approved|disapproved|declined|decline|no go|don't approve|do not approve|denied|👎",
    ),
    (
        C::DailyLog,
        "daily log|daily report|site diary|site log|end of day|eod report|today's report|today's log|daily summary|day summary|report for today|site report",
    ),
    (C::Today, "today|tonight|this morning|this afternoon"),
    (C::Weather, "rain|rained|raining|rainy|sunny|windy|wind|weather|hot|sandstorm|storm|cloudy"),
    (
        C::Timesheet,
        "timesheet|time sheet|overtime|man hours|man - hours|attendance|hours worked|worked hours|clocked in|clocked out|clock in|clock out|checked in|shift hours|day shift|night shift|worked",
    ),
    (
        C::Rfi,
        "rfi|request for information|please clarify|clarify|clarification|need clarification|please advise|kindly advise|what does the drawing say|conflict between|discrepancy",
    ),
    (
        C::Detail,
        "diameter|grade|strength class|spacing|thickness|grade of|what grade|which grade|what size|dimension|dimensions|cover|lap length|spec|specs|specification|detail|details|mix",
    ),
    (
        C::Change,
        "change|changes|changed|modify|modification|instead of|revise|relocate|upgrade|client wants|the client wants|owner wants|client asked|additional",
    ),
    (
        C::ChangeOrder,
        "change order|change request|variation|variation order|extra work|additional work|scope change|change of scope|change the scope|client wants to change|owner wants to change|client asked to change|client wants to add|design change",
    ),
    (
        C::Document,
        "drawing|drawings|document|documents|pdf|dwg|contract|certificate|method statement|shop drawing|shop drawings|submittal|plans|layout|datasheet|permit|boq|manual",
    ),
    (
        C::Greeting,
        "hi|hello|hey|good morning|good afternoon|good evening|salam|salam alaikum|assalamu alaikum|hi there|morning|greetings|👋|how are you",
    ),
    (
        C::Thanks,
        "thanks|thank you|thx|many thanks|thanks a lot|thank u|much appreciated|appreciated|appreciate it|cheers|🙏|shukran",
    ),
    (C::Stop, "stop|quit"),
    (
        C::OptOut,
        "please unsubscribe me|unsubscribe|stop all|stopall|opt out|opt - out|optout|stop messaging|stop messages|stop sending|stop sending me|stop texting|stop contacting|don't message me|do not message me|don't contact me|do not contact me|remove me|take me off|no more messages",
    ),
    (
        C::OptIn,
        "subscribe|opt in|opt - in|optin|resubscribe|subscribe me|start messages again|sign me up|start sending me",
    ),
    (
        C::Human,
        "human|a human|real person|agent|live agent|representative|customer service|customer support|support team|a person|operator|somebody real|human being",
    ),
    (
        C::Good,
        "great|good|excellent|perfect|nice|happy|well done|awesome|smooth|smoothly|amazing|👏|😀|😊|👍|🎉|love|impressive|no problem|no problems|no issues|no issue",
    ),
    (
        C::Bad,
        "bad|terrible|awful|unacceptable|angry|disaster|horrible|worst|poor|disappointed|disappointing|frustrated|frustrating|fed up|ridiculous|dangerous|serious|seriously|severe|severely|😡|😠|🤬|😤|again and again|unhappy|worried|not happy|not acceptable",
    ),
    (
        C::Urgent,
        "urgent|urgently|asap|immediately|emergency|right away|right now|critical|🚨|‼|as soon as possible",
    ),
    (C::Very, "very|so|extremely|really|too|totally|completely unacceptable"),
    (
        C::Not,
        "not|no|never|without|isn't|aren't|wasn't|haven't|hasn't|didn't|don't|doesn't|won't|nobody|nothing|yet to be",
    ),
    (
        C::Filler,
        "the|a|an|is|are|was|were|be|been|on|in|of|at|for|to|we|i|it|its|has|have|had|and|or|please|all|now|just|already|about|with|from|by|that|this|our|us|me|my|you",
    ),
];
