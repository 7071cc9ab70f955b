"""Narrative tags and the word stems that indicate them, for the offline rules."""

import re

STEMS: dict[str, str] = {
    "heist": r"heist|robber|burglar|thie(f|ves)|\bloot|bank job|\bsteal",
    "revenge": r"reveng|aveng|vengeance|retribution|settle the score",
    "time travel": (
        r"time travel|time machine|back in time|time loop|same day|into the past|"
        r"from the future"
    ),
    "coming of age": (
        r"coming of age|grow(s|ing) up|adolescen|teenage|boyhood|girlhood|puberty|first love"
    ),
    "courtroom": (
        r"court(room)?\b|trial|lawyer|attorney|jur(y|or)|\bjudge\b|prosecut|\bdefend(s|ant|"
        r"er)\b"
    ),
    "war": r"\bwars?\b|soldier|battl|troops|combat|regiment|army|infantry|platoon|trench",
    "space travel": r"\bspace|astronaut|spaceship|galax|planet|\bmoon\b|\bmars\b|orbit|starship",
    "artificial intelligence": (
        r"artificial intelligence|android|robot|cyborg|sentient|self-aware|supercomputer|"
        r"machines"
    ),
    "love story": r"falls? in love|\blovers?\b|romance|romantic|love affair|in love with|\blove\b",
    "family": r"famil(y|ies)|father|mother|\bsons?\b|daughter|brother|sister|parent|household",
    "organised crime": (
        r"mafia|\bmob(ster)?s?\b|gangster|crime (boss|family|lord)|godfather|cartel|"
        r"underworld|racket"
    ),
    "detective": r"detective|investigat|sleuth|\binspector|private eye|solve|\bclues?\b|\bcase\b",
    "serial killer": r"serial (killer|murder)|psychopath|slasher|maniac",
    "murder": r"murder|killed|killing|\bcorpse|homicide|\bslain",
    "survival": r"surviv|stranded|shipwreck|castaway|wilderness|avalanche|stay alive",
    "sports": (
        r"baseball|football|basketball|boxer|boxing|hockey|athlete|\bcoach|championship|"
        r"racing|surf|golf|soccer"
    ),
    "music": (
        r"musician|\bband\b|singer|\bsongs?\b|\bjazz|rock star|piano|orchestra|composer|"
        r"concert|guitar|opera"
    ),
    "dance": r"\bdanc(e|er|ers|ing)\b|ballet|ballroom",
    "politics": (
        r"politic|president|senator|election|government|congress|campaign|prime minister|"
        r"revolution"
    ),
    "satire": r"satir|lampoon|absurd|parody|spoof|mock",
    "supernatural": (
        r"ghost|haunt|supernatural|\bspirits?\b|demon|possess|witch|curse|occult|\bdevil|angel"
    ),
    "vampires": r"vampir|dracula|undead|bloodsuck",
    "monsters": r"monster|creature|beast|dinosaur|werewol|zombi|giant (ape|spider|shark)|shark",
    "aliens": r"\baliens?\b|extraterrestrial|\bufo|invaders from|another world",
    "road trip": (
        r"road trip|across (the country|america)|cross-country|hitchhik|\bdrives? (to|across)|"
        r"journey"
    ),
    "identity": (
        r"identit|disguise|double life|\bamnesia|pretend|impersonat|imposter|impostor|who (he|"
        r"she) (really )?is"
    ),
    "friendship": r"friend|\bbudd(y|ies)|\bpals?\b|companion",
    "class divide": (
        r"\bclass\b|\bwealthy|aristocra|\bpoor\b|\bservant|upper-class|working-class|\brich\b|"
        r"fortune"
    ),
    "small town": r"small town|small-town|\bvillage|townsfolk|townspeople|sleepy|provincial",
    "big city": r"new york|los angeles|\bcity\b|chicago|\blondon\b|\bparis\b|tokyo|manhattan",
    "conspiracy": r"conspir|cover-up|\bplot to|secret (plan|society|organi)|corrupt",
    "dystopia": r"dystop|totalitarian|post-apocalyp|apocalyp|\bregime\b|bleak future|\bfuture\b",
    "espionage": (
        r"\bsp(y|ies)\b|\bcia\b|secret agent|double agent|espionage|intelligence (officer|"
        r"agent)|\bkgb|\bmi6"
    ),
    "artist's life": (
        r"\bartist|painter|\bwriter|\bpoet|novelist|actress|\bactor\b|playwright|film ?maker|"
        r"sculptor"
    ),
    "prison": r"prison|inmate|convict|\bjail|behind bars|escape from|penitentiary",
    "obsession": r"obsess|fixat|infatuat|stalk",
    "police": r"\bpolice|\bcops?\b|\bfbi\b|\bsheriff|lawman|\bdea\b",
    "hitman": r"hit ?man|assassin|hired (killer|gun)|contract killer",
    "kidnapping": r"kidnap|abduct|ransom|hostage|held captive",
    "terrorism": r"terroris|hijack|\bbomb",
    "drugs": r"\bdrug|heroin|cocaine|addict|dealer",
    "alcoholism": r"alcoholi|drunk|\bbooze",
    "illness": r"\bill(ness)?\b|cancer|disease|dying|\bvirus|epidemic|\baids\b|hospital",
    "mental health": r"mental|psychiatr|insan|asylum|therap|depress|madness|breakdown",
    "religion": r"\bpriest|\bnun\b|church|\bfaith\b|\bgod\b|monk|religio|jewish|catholic|buddhis",
    "marriage": r"marri|wedding|husband|\bwife\b|bride|divorc|spouse",
    "infidelity": r"affair|infidel|adulter|mistress|cheat(s|ing)? on|unfaithful",
    "loneliness": r"lonel|isolat|solitary|reclus|alone",
    "grief": r"grie(f|v)|mourn|death of (his|her|their)|\bloss\b|widow",
    "racism": r"racis|racial|segregat|apartheid|slave|prejudic|civil rights",
    "holocaust": r"holocaust|nazi|concentration camp|auschwitz|third reich",
    "vietnam": r"vietnam",
    "world war ii": r"world war (ii|two)|second world war|wwii|1940s|normandy|occupied france",
    "royalty": r"\bking\b|queen|prince|princess|throne|monarch|royal|\bcourt of\b",
    "middle ages": r"medieval|knight|\bcastle|crusade|king arthur|viking",
    "samurai": r"samurai|\bronin|shogun|feudal japan",
    "martial arts": r"martial art|kung ?fu|karate|\bninja",
    "western frontier": r"cowboy|outlaw|gunfight|gunslinger|frontier|\branch|\bwest\b",
    "sea": r"\bship\b|\bocean|\bsea\b|submarine|sailor|pirate|island|\bboat",
    "aviation": r"\bpilots?\b|airplane|\bplane\b|aircraft|airline|flight",
    "disaster": r"disaster|earthquake|volcano|tornado|\bflood|asteroid|comet|inferno|\bsink",
    "treasure": r"treasure|relic|artifact|archaeolog|lost city|\bgold\b",
    "magic": r"\bmagic|wizard|sorcer|spell|enchant|fairy",
    "superhero": r"superhero|superpower|masked vigilante|\bsuperman|\bbatman|comic book",
    "animals": (
        r"\bdogs?\b|\bcats?\b|\bhorse|\blion|\bwhale|\bpigs?\b|animal|\bbears?\b|\bwolf|\bdeer"
    ),
    "toys": r"\btoys?\b|\bdolls?\b|puppet|snowman",
    "school": r"school|student|teacher|college|professor|universit|campus|classroom",
    "newspaper": r"journalist|reporter|newspaper|newsroom|broadcast|television",
    "business": r"business|corporat|executives?\b|wall street|salesman|stockbroker|\bentrepreneur",
    "computers": r"computer|hacker|cyber|virtual reality|internet|simulation",
    "science": (
        r"scientist|experiment|laborator|genetic|invent(or|ion)|physicist|mathemat|clon(e|ing)"
    ),
    "gambling": r"gambl|casino|poker|las vegas|\bbets?\b|hustler",
    "con artists": r"\bcon (man|men|artist)|swindl|scam|grifter|\bfraud|forger",
    "chase": r"chase|on the run|fugitive|pursu|\bhunt(ed|s|ing)?\b|manhunt",
    "femme fatale": r"femme fatale|seduc|temptress|beautiful (woman|stranger)",
    "mistaken identity": r"mistaken|mistakes? (him|her|them)|wrong man|look-?alike|twin",
    "orphans": r"orphan|foster|adopted|adoption|runaway",
    "motherhood": r"pregnan|\bbaby\b|single mother|motherhood|gives? birth|childbirth",
    "old age": r"elderly|\baging|\bretired|old (man|woman|age)|nursing home",
    "immigrants": r"immigra|emigra|refugee|exile",
    "lgbt": r"\bgay\b|lesbian|homosexual|transgender|drag queen|same-sex",
    "feminism": r"feminis|suffrag|women's",
    "working life": r"factory|worker|\bstrike\b|union|miner|unemploy|\bjob\b",
    "expedition": r"mercenar|adventurer|explorer|expedition",
    "jungle": r"jungle|amazon|rainforest|safari|africa",
    "christmas": r"christmas|santa|new year's eve|\bholiday",
    "summer": r"summer|vacation|\bbeach|\bcamp\b",
    "food": r"\bchef|restaurant|\bcook|kitchen|dinner|\bfeast",
    "biography": r"true story|biograph|life of|real-life|based on the life",
    "documentary subject": r"documentary|documents|interviews|archival|footage",
    "nuclear threat": r"nuclear|atomic|missile|warhead|cold war",
    "experiment gone wrong": r"gone wrong|goes wrong|mutat|mutant|plague",
    "underdog": r"underdog|against all odds|misfit|\bloser|outcast|bullied",
    "dark humour": r"dark(ly)? (humou?r|comic|funny)|black comedy|macabre",
    "redemption": r"redempt|redeem|second chance|atone|forgiv|make amends",
    "betrayal": r"betray|treacher|double-cross|traitor|backstab",
    "power struggle": r"\bpower\b|rival|ambitio|takeover|\bfeud|empire",
    "hope": r"\bhope|\bdreams?\b|inspir|uplift",
}

LEXICON = {tag: re.compile(stems, re.IGNORECASE) for tag, stems in STEMS.items()}


def tags_in(text: str) -> list[str]:
    """Tags that the text indicates, most frequent first."""
    hints = {tag: len(pattern.findall(text)) for tag, pattern in LEXICON.items()}
    return sorted((tag for tag, count in hints.items() if count), key=lambda tag: -hints[tag])
