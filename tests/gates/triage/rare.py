"""Documents that are rare and valid, by kind: quotations of the public domain, and some composed here."""

import inspect
import json.decoder
import random
import statistics
import textwrap

DIALECT = [
    "Wee, sleekit, cowrin, tim'rous beastie, O, what a panic's in thy breastie! Thou need na start awa sae hasty.",
    "But Mousie, thou art no thy lane, in proving foresight may be vain: the best-laid schemes o' mice an' men gang aft agley.",
    "Fair fa' your honest, sonsie face, great chieftain o' the puddin-race! Aboon them a' ye tak your place, painch, tripe, or thairm.",
    "Should auld acquaintance be forgot, and never brought to mind? We'll tak a cup o' kindness yet, for auld lang syne, my jo.",
    "I hain't got no money, en I ain't gwyne to have none. Ef you's got hairy arms, it's a sign dat you's agwyne to be rich.",
    "It warn't no use to wait any longer, so I up and lit out for the raft, and says to myself, I'd druther been bit by a snake.",
    "Thee mun understand, lass, tha's nobbut a bairn, an' tha mun do as tha'rt bid, or there'll be nowt for thi tea.",
    "Ah'm gannin doon the toon the neet, hinny, an' Aa'll see ye at the corner by the lamp if the rain hauds off.",
    "Dinna fash yersel, laddie; the kirk's no far, an' the auld wife will hae the kettle on afore we win hame.",
    "Me muvver said I wasn't to go near that ther ol' pond no more, 'cos me bruvver nigh on drownded hisself last Whitsun.",
]
OLD = [
    "Whan that Aprille with his shoures soote, the droghte of March hath perced to the roote, and bathed every veyne in swich licour.",
    "A knyght ther was, and that a worthy man, that fro the tyme that he first bigan to riden out, he loved chivalrie.",
    "Lo I the man, whose Muse whilome did maske, as time her taught, in lowly Shepheards weeds, am now enforst a far unfitter taske.",
    "A gentle Knight was pricking on the plaine, ycladd in mightie armes and silver shielde.",
    "Hwæt! We Gardena in geardagum, þeodcyninga, þrym gefrunon, hu ða æþelingas ellen fremedon.",
    "In a somer seson, whan softe was the sonne, I shoop me into shroudes as I a sheep were, in habite as an heremite unholy of werkes.",
    "Shall I compare thee to a Summers day? Thou art more louely and more temperate: rough windes do shake the darling buds of Maie.",
    "And God sayde: let there be lyght, and there was lyght. And God devyded the lyghte from the darcknesse.",
    "Yf I were as tedious as a Kyng, I coulde finde in my herte to bestowe it al of your worship, quod he, and helde his pees.",
    "The sayd Marchauntes hadde ther goodes seased, and were constreyned to paye unto the Bailyffe xl. poundes of lawfull money.",
]
POEMS = [
    "I'm Nobody! Who are you?\nAre you - Nobody - too?\nThen there's a pair of us!\nDon't tell! they'd advertise - you know!",
    "So much depends\nupon\n\na red wheel\nbarrow\n\nglazed with rain\nwater",
    "An old silent pond...\nA frog jumps into the pond,\nsplash! Silence again.",
    "Tyger Tyger, burning bright,\nIn the forests of the night;\nWhat immortal hand or eye,\nCould frame thy fearful symmetry?",
    "O Rose thou art sick.\nThe invisible worm,\nThat flies in the night\nIn the howling storm:\n\nHas found out thy bed\nOf crimson joy.",
    "The fog comes\non little cat feet.\n\nIt sits looking\nover harbor and city\non silent haunches\nand then moves on.",
    "Rose, Harsh Rose,\nmarred and with stint of petals,\nmeagre flower, thin,\nsparse of leaf",
    "Hope is the thing with feathers\nThat perches in the soul,\nAnd sings the tune without the words,\nAnd never stops at all.",
    "'Twas brillig, and the slithy toves\nDid gyre and gimble in the wabe:\nAll mimsy were the borogoves,\nAnd the mome raths outgrabe.",
    "Do not stand\nBy my grave, and weep.\nI am not there,\nI do not sleep",
]
FORMULAS = [
    "∫₀^∞ e^(-x²) dx = √π / 2, and hence Γ(1/2) = √π.",
    "Let f(x) = (1/σ√(2π)) exp(-(x-μ)²/(2σ²)); then E[X] = μ and Var(X) = σ².",
    "2 KMnO4 + 16 HCl -> 2 KCl + 2 MnCl2 + 8 H2O + 5 Cl2, balanced in acid.",
    "∀ε>0 ∃δ>0: |x-a|<δ ⇒ |f(x)-f(a)|<ε.",
    "If a² + b² = c² with gcd(a, b) = 1, then (a, b, c) = (m² - n², 2mn, m² + n²) for some m > n.",
    "x_{n+1} = x_n - f(x_n)/f'(x_n); for f(x) = x² - 2 from x_0 = 1: 1.5, 1.41667, 1.414216.",
    "det(A - λI) = λ² - 5λ + 6 = (λ - 2)(λ - 3) = 0, so λ ∈ {2, 3}.",
    "3 × 17 = 51; 51 + 8 = 59; 59 / 2 = 29.5. The answer is 29.5.",
    "ΔG = ΔH - TΔS = -92.2 kJ - (298 K)(-0.1987 kJ/K) = -33.0 kJ/mol < 0.",
    "R_{μν} - ½ R g_{μν} + Λ g_{μν} = (8πG/c⁴) T_{μν}",
]
ENTITIES = [
    "Balaeniceps rex nests on the floating papyrus of Bangweulu, where Protopterus aethiopicus is its chief prey.",
    "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch lies on Ynys Môn, across the Menai from Bangor.",
    "Acetylcysteine, ondansetron and levetiracetam were stopped; dexmedetomidine was begun at 0.4 micrograms.",
    "Eyjafjallajökull, Öræfajökull and Snæfellsjökull are stratovolcanoes; Þeistareykjarbunga is a shield.",
    "Ngũgĩ wa Thiong'o, Chinua Achebe, Ousmane Sembène, Mariama Bâ, Ama Ata Aidoo.",
    "Archaeopteryx lithographica, Compsognathus longipes and Pterodactylus antiquus all come from Solnhofen.",
    "Tenochtitlan, Tlatelolco, Xochimilco, Azcapotzalco and Texcoco stood around the lake of Anahuac.",
    "Ytterbium, yttrium, terbium and erbium are all named after Ytterby, a quarry near Vaxholm.",
    "Kwame Nkrumah met Sékou Touré in Conakry; Félix Houphouët-Boigny stayed away in Yamoussoukro.",
    "Serjeant-at-Arms Quillfeather of Wyre Piddle bequeathed nine hogsheads of perry to Upton Snodsbury.",
]
SCRIPTS = [
    "The physicist Лев Ландау and his pupil Исаак Халатников worked in Москва until the end.",
    "The poets 李白 and 杜甫 met at 洛陽 in 744, and 白居易 wrote of them later.",
    "Her grandmother, Ευαγγελία Παπαδοπούλου, was born at Θεσσαλονίκη before the war.",
    "The calligrapher ابن مقلة of بغداد set the proportions of the naskh hand.",
    "松尾芭蕉 wrote 古池や蛙飛びこむ水の音 in 1686.",
    "Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему.",
    "रवीन्द्रनाथ ठाकुर was born at कोलकाता, and wrote the words of जन गण मन.",
    "The inscription reads שלום עליכם, and below it stands the name רבקה בת יצחק.",
    "김소월 wrote 진달래꽃 in 1925; it begins 나 보기가 역겨워 가실 때에는.",
    "Longtemps, je me suis couché de bonne heure. Parfois, à peine ma bougie éteinte, mes yeux se fermaient si vite.",
]
CODE = [
    "SELECT author, COUNT(*) AS n FROM papers WHERE year >= 1995 GROUP BY author HAVING COUNT(*) > 3 ORDER BY n DESC;",
    "for (int i = 0; i < n; ++i) { if (a[i] > best) { best = a[i]; at = i; } }  // index of the largest",
    "$ tar -xzf archive.tar.gz -C /opt/tools --strip-components=1 && make install PREFIX=$HOME/.local",
    "def gcd(a, b):\n    while b:\n        a, b = b, a % b\n    return a",
    '{"name": "otter", "legs": 4, "habitat": ["river", "coast"], "nocturnal": false}',
    "(define (fact n) (if (= n 0) 1 (* n (fact (- n 1)))))",
    'fn main() {\n    let xs: Vec<i32> = (1..=5).map(|x| x * x).collect();\n    println!("{:?}", xs);\n}',
    "Use re.sub(r'\\s+', ' ', text) to fold white space, then str.strip() to trim the ends.",
    "*p++ = *q++ copies one element and moves both pointers; parenthesise (*p)++ to change what p points to.",
    'if [ -z "$1" ]; then echo "usage: $0 FILE" >&2; exit 2; fi',
]
SHORT = ["42", "No.", "Paris", "O(n log n)", "Eureka!", "It depends.", "Yes, in 1969.", "Au revoir.", "About 3.2 km.", "C"]

KINDS = {
    "dialect": DIALECT, "old spelling": OLD, "short poems": POEMS, "formulas": FORMULAS, "rare entities": ENTITIES,
    "other scripts": SCRIPTS, "code": CODE, "short answers": SHORT,
}  # fmt: skip


def stdlib_code():
    """Functions of the standard library: real code, much of it with little prose."""
    members = [m for module in (random.Random, statistics, json.decoder, textwrap) for _, m in inspect.getmembers(module)]
    found = [textwrap.dedent(inspect.getsource(each)) for each in members if inspect.isfunction(each) and each.__module__ in OWN]
    return sorted({text for text in found if len(text.split()) > 8})


OWN = ("random", "statistics", "json.decoder", "textwrap")
