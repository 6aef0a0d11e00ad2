"""Words that the rules know: closed classes, irregular forms, units, opposites. English only; lower case."""


def listed(words: str) -> list[str]:
    """Return words that are written with spaces between them."""
    return words.split()


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


ABBREVIATIONS = _set(
    "mr mrs ms dr prof st sr jr rev gen col capt lt sgt gov sen rep hon messrs vs cf e.g i.e eg ie al fig figs no nos vol vols pp ed eds "
    "dept univ approx ca est inc ltd co corp bros jan feb mar apr jun jul aug sep sept oct nov dec mt ft ave blvd rd u.s u.k u.n etc a.m "
    "p.m ph.d b.c a.d eq sec ch art"
)
MAY_END = _set("etc a.m p.m")
"""Abbreviations before which a capital most often begins a new sentence."""

FINITE = _set(
    "is are was were am be been has have had does do did will would can could may might shall should must became began broke brought built "
    "came fell found gave got grew held kept knew led left lost made met paid ran rose said saw sent sold spent stood took told went won "
    "wrote becomes contains costs falls gives grows has holds includes keeps lies lives makes means needs opens remains rises runs says "
    "shows sits spans stands takes uses weighs works"
)

AUXILIARIES = _set("be am is are was were been being do does did done have has had having get gets got")
BE = _set("is are was were be been being am got")
COPULAS = _set("is are was were be")
PRONOUNS = _set("it he she they this these those that we you i")
STOP = (
    _set(
        "a an the of in on at by for with about into onto to from up down over under then here there when where why how "
        "each "
        "it its itself he him his she her hers they them their theirs this that these those i me my we us "
        "our you your who whom whose which "
        "what as so than too very just and or but if while whereas although though because since until during through between among within "
        "also however therefore thus moreover furthermore indeed overall per via upon not no nor neither either never none nobody nothing "
        "s t yet located situated there's called known named became become becomes"
    )
    - _set("up down")
) | AUXILIARIES

SEPARATORS = _set("and but or while whereas although though because which who whom whose that yet nor")
SCOPE_ENDS = _set("but because although though while whereas which who")
GOVERNORS = {
    **dict.fromkeys(listed("in on at within inside during"), "in"),
    **dict.fromkeys(listed("to into onto"), "to"),
    **dict.fromkeys(listed("through via across"), "through"),
    **dict.fromkeys(listed("for with under over near from by of since until after before among between against than behind toward"), ""),
}
"""Prepositions, and for those that are near to each other the one that stands for them; "" where each stands for itself."""
RELATIVES = _set("who which that whose whom")
RESTRICTING = _set("only ban prohibit forbid prevent avoid exclud requir allow permit limit")
"""Keys that make what a claim leaves out matter: who is banned from smoking in bars may smoke elsewhere."""

NEGATIONS = _set(
    "not no never neither nor none nobody nothing nowhere without cannot "
    "nicht kein keine keinen keiner nie niemals pas jamais aucun aucune não nunca niet geen nooit ikke inte aldrig"
)
"""Words that deny; those of some other languages too, lest what is not English be read as if it denied nothing."""
ENGLISH = _set("the a an of and is are was were to that it has have had by for with on at from as in its but be not this their his her")
"""Words of which English is full."""
IMPLICIT_NEGATIONS = _set("fail failed fails failing unable incapable lack lacks lacked lacking refuse refused refuses refusing")

MODES = {
    **dict.fromkeys(listed("may might could possibly perhaps probably likely maybe potentially potential can able"), "possible"),
    **dict.fromkeys(listed("will would shall plan plans planned expected expects intend intends aims hopes proposed scheduled"), "future"),
    **dict.fromkeys(listed("if unless whether"), "if"),
    **dict.fromkeys(listed("should must ought"), "ought"),
    **dict.fromkeys(listed("former formerly ex previously"), "former"),
    **dict.fromkeys(listed("almost nearly virtually"), "almost"),
    **dict.fromkeys(
        listed(
            "alleged allegedly supposed supposedly purported reportedly rumoured rumored false untrue myth "
            "denied denies deny fake unlikely "
            "doubtful disputed impossible"
        ),
        "alleged",
    ),
    **dict.fromkeys(listed("rarely seldom hardly barely scarcely"), "rare"),
    **dict.fromkeys(listed("attempted tried tries try attempt attempts wanted wants"), "tried"),
}
"""Words that take a sentence out of what is plainly so, and how."""

REPORTING = _set(
    "said says say reported reports announced claimed claims believe believes believed argued argues suggested suggests thought thinks "
    "according told stated states estimated estimates"
)

QUANTIFIERS = {
    **dict.fromkeys(listed("all every each always entire whole"), "all"),
    **dict.fromkeys(listed("most mostly usually majority"), "most"),
    **dict.fromkeys(listed("many numerous often frequently"), "many"),
    **dict.fromkeys(listed("some several various sometimes occasionally"), "some"),
    **dict.fromkeys(listed("few"), "few"),
}
FREQUENCIES = _set("always usually mostly often frequently sometimes occasionally")
FOLLOWS = {
    "all": _set("all most many some"),
    "most": _set("most some"),
    "many": _set("many some"),
    "some": _set("some"),
    "few": _set("few"),
    "not all": _set(""),
}
"""What each quantifier implies of the others; of "not all", nothing but itself, which is tested before."""
EXCLUDES = {frozenset(pair) for pair in (("all", "few"), ("most", "few"), ("many", "few"), ("all", "not all"))}

FUNCTIONAL = _set(
    "capital born bear die found invent discover write author compose paint direct design first largest longest tallest highest smallest "
    "president king queen ceo chairman head founder inventor mother father currency headquarters "
    "headquarter own birthplace champion winner "
    "win locat situat lie"
)
"""Stems of relations that hold of one thing at a time, so that another thing in its place is a conflict."""
SYMMETRIC = _set("meet marry border adjoin resembl equal collaborat neighbor ally merge merg")
NOT_SUPERLATIVE = _set(
    "test west east rest forest interest request nest guest protest harvest invest suggest contest honest modest arrest chest quest priest "
    "northwest southwest northeast southeast latest attest digest manifest pest budapest bucharest"
)
SUPERLATIVE = _set("best worst only sole last most least")

SAME = {
    form: forms[0]
    for forms in (
        listed("increase rise grow climb"),
        listed("decrease fall decline drop shrink"),
        listed("begin start commence"),
        listed("end finish"),
        listed("buy purchase acquire"),
        listed("build construct"),
        listed("large big"),
        listed("small little"),
        listed("film movie"),
        listed("car automobile"),
        listed("doctor physician"),
        listed("help assist aid"),
        listed("show demonstrate"),
        listed("need require"),
        listed("near close"),
        listed("use utilise"),
        listed("annual yearly"),
    )
    for form in forms
}

OPPOSITES = [
    tuple(pair.split("/"))
    for pair in listed(
        "increase/decrease up/down high/low higher/lower highest/lowest more/less more/fewer larger/smaller large/small largest/smallest "
        "gain/loss gain/lose win/lose won/lost long/short longer/shorter longest/shortest tall/short taller/shorter tallest/shortest "
        "old/young older/younger old/new oldest/youngest oldest/newest early/late earlier/later fast/slow faster/slower fastest/slowest "
        "heavy/light heavier/lighter hot/cold hotter/colder hottest/coldest warm/cool warmer/cooler warmest/coolest wide/narrow "
        "wider/narrower deep/shallow deeper/shallower strong/weak stronger/weaker strongest/weakest "
        "rich/poor richer/poorer cheap/expensive "
        "cheaper/costlier thick/thin thicker/thinner bright/dark brighter/darker hard/soft harder/softer hard/easy wet/dry full/empty "
        "open/close open/shut begin/end accept/reject approve/reject allow/forbid allow/ban permit/prohibit permit/ban legal/illegal "
        "include/exclude enter/leave arrive/depart buy/sell live/die alive/dead true/false right/wrong correct/incorrect "
        "complete/incomplete possible/impossible positive/negative effective/ineffective dependent/independent regular/irregular "
        "active/inactive direct/indirect visible/invisible success/failure succeed/fail safe/dangerous safe/unsafe public/private "
        "domestic/foreign northern/southern eastern/western north/south east/west left/right top/bottom upper/lower before/after "
        "above/below inside/outside best/worst better/worse first/last male/female man/woman king/queen import/export expand/contract "
        "strengthen/weaken improve/worsen accelerate/slow raise/lower push/pull attack/defend love/hate like/dislike agree/disagree "
        "appear/disappear connect/disconnect encourage/discourage hire/fire married/single guilty/innocent major/minor maximum/minimum "
        "internal/external natural/artificial ancient/modern temporary/permanent voluntary/mandatory common/rare frequent/rare "
        "healthy/sick toxic/harmless acid/alkaline solid/liquid optional/required profit/loss surplus/deficit majority/minority "
        "ally/enemy victory/defeat friend/enemy advantage/disadvantage support/oppose"
    )
]

IRREGULAR = {
    form: line.split()[0]
    for line in (
        "become became",
        "news",
        "begin began begun",
        "bear bore born borne",
        "bite bit bitten",
        "break broke broken",
        "bring brought",
        "build built",
        "buy bought",
        "catch caught",
        "choose chose chosen",
        "come came",
        "cost costs",
        "die died dies dying",
        "deal dealt",
        "draw drew drawn",
        "drive drove driven",
        "eat ate eaten",
        "fall fell fallen",
        "feel felt",
        "fight fought",
        "find finds finding",
        "fly flew flown flies",
        "forbid forbade forbidden",
        "freeze froze frozen",
        "give gave given",
        "go went gone goes",
        "grow grew grown",
        "hear heard",
        "hold held",
        "keep kept",
        "know knew known",
        "lay laid",
        "lead led",
        "leave left",
        "lie lay lain lying",
        "lose lost",
        "make made",
        "mean meant",
        "meet met",
        "pay paid",
        "rise rose risen",
        "run ran",
        "say said",
        "see saw seen",
        "seek sought",
        "sell sold",
        "send sent",
        "shoot shot",
        "shrink shrank shrunk",
        "sing sang sung",
        "sink sank sunk",
        "sleep slept",
        "speak spoke spoken",
        "spend spent",
        "stand stood",
        "steal stole stolen",
        "strike struck",
        "swim swam swum",
        "take took taken",
        "teach taught",
        "tell told",
        "think thought",
        "throw threw thrown",
        "understand understood",
        "wear wore worn",
        "win won",
        "write wrote written",
        "man men",
        "woman women",
        "child children",
        "person people persons",
        "foot feet",
        "tooth teeth",
        "mouse mice",
        "center centre centres",
        "theater theatre theatres",
        "meter metre metres",
        "fiber fibre fibres",
        "gray grey",
        "program programme programmes",
    )
    for form in line.split()
}
"""Form to its base; "left" and "lay" are read as the verbs, "found" stays itself, since a city is founded."""
