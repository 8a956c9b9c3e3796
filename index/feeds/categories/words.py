"""What garments are called in shops, by language; plurals are made in `categories`.

Phrases stand in their singular, parted by commas; irregular plurals are written out. Where a word
means different things in two languages (French `robe`), each language's table has its own.
"""

from __future__ import annotations

from typing import Final

from segmentation.common.taxonomy import Category

ENGLISH: Final[dict[Category, str]] = {
    Category.SHIRT: "shirt, blouse, overshirt, button down, button up, shirting",
    Category.TOP: "top, t shirt, tshirt, tee, tee shirt, tank, tank top, vest top, cami, camisole, crop top, "
    "polo, polo shirt, rugby shirt, football shirt, jersey, henley, sweatshirt, sweat shirt, hoodie, "
    "hooded sweatshirt, hoody, bodysuit, tunic, bustier, halter, halterneck, tube top, muscle tee, "
    "longsleeve, undershirt tee, sports bra, sport bra, bralette, bralet, crop, swim top, rash top, kurta, kurti, "
    "kameez, popover, football jersey",
    Category.SWEATER: "sweater, jumper, pullover, turtleneck, roll neck, rollneck, polo neck, knitwear, "
    "crewneck sweater",
    Category.CARDIGAN: "cardigan, cardi, twinset",
    Category.JACKET: "jacket, blazer, sport coat, sports coat, sportcoat, suit coat, bomber, windbreaker, "
    "anorak, shacket, bolero, puffer, windcheater, suit, tuxedo, fleece jacket, hoodie jacket",
    Category.VEST: "vest, waistcoat, gilet, sweater vest, knit vest, body warmer, bodywarmer, tank vest",
    Category.PANTS: "pants, pant, trouser, jeans, jean, legging, jegging, jogger, chino, slacks, sweatpant, "
    "sweat pant, trackpant, track pant, jogging bottom, culotte, capri, cargo, khakis, corduroys, "
    "cords, tregging, palazzo, breeches, jodhpur, dress pant, yoga pant, running tights, "
    "sports tights, cycling tights, tracksuit bottom, jogging bottom",
    Category.SHORTS: "shorts, skort, bermudas, bermuda, hot pant, denim short, cargo short, bike short, "
    "chino short, running short, swim short, swim trunk, swimming trunk, swimming short, board short, "
    "boardshort, jort",
    Category.SKIRT: "skirt, miniskirt, skirts, kilt, sarong skirt, tutu",
    Category.COAT: "coat, overcoat, raincoat, trench, trench coat, trenchcoat, parka, peacoat, pea coat, "
    "topcoat, mac, duster, rain jacket coat, mackintosh, greatcoat",
    Category.DRESS: "dress, gown, sundress, minidress, maxidress, mididress, frock, pinafore, kaftan, caftan, "
    "abaya, sari, saree, dirndl, cheongsam, qipao, jumper dress, sweater dress, shirtdress",
    Category.JUMPSUIT: "jumpsuit, romper, playsuit, overall, dungaree, coverall, boilersuit, boiler suit, "
    "catsuit, unitard, onesie, flight suit, pantsuit one piece",
    Category.CAPE: "cape, poncho, cloak, capelet",
    Category.GLASSES: "glasses, sunglasses, sunglass, eyeglasses, spectacles, eyewear, shades, sunnies, "
    "reading glasses",
    Category.HAT: "hat, cap, beanie, beret, fedora, trilby, visor, snapback, bucket hat, panama, bonnet, "
    "balaclava, headwear, sunhat, turban hat, deerstalker, newsboy, beanies",
    Category.HEADBAND: "headband, hairband, hair band, head band, alice band, scrunchie, scrunchy, hair clip, "
    "hair claw, hair tie, hair bow, hair slide, barrette, tiara, fascinator, headpiece, head wrap, "
    "hair accessory, hair pin, hairpin, bandana, bandanna, turban, headscarf, hijab",
    Category.TIE: "tie, necktie, bow tie, bowtie, cravat, ascot, bolo tie",
    Category.GLOVE: "glove, mitten, mitt",
    Category.WATCH: "watch, wristwatch, smartwatch, smart watch, chronograph, timepiece, watches",
    Category.BELT: "belt",
    Category.LEG_WARMER: "leg warmer, legwarmer",
    Category.TIGHTS: "tights, stocking, pantyhose, hosiery, hold up, thigh high, nylons, fishnets",
    Category.SOCK: "sock, knee high, ankle socks, footies",
    Category.SHOE: "shoe, boot, bootie, ankle boot, sneaker, trainer, sandal, heels, high heels, pumps, pump, "
    "flats, loafer, mule, slipper, slide, clog, wedges, stiletto, oxfords, oxford shoe, brogue, "
    "derby shoe, derbies, moccasin, espadrille, flip flop, welly, wellington, wellington boot, cleat, "
    "footwear, ballerinas, ballet flat, mary jane, chukka, plimsoll, slingback, slip on, "
    "slip ons, kitten heels, thong sandal, high tops, hi tops, low tops, hi top, footbed, court shoe",
    Category.BAG: "bag, handbag, tote, tote bag, clutch, backpack, rucksack, satchel, purse, wallet, pouch, "
    "crossbody, cross body, duffel, duffle, messenger, briefcase, card holder, cardholder, card case, "
    "fanny pack, bum bag, belt bag, coin purse, hobo, holdall, weekender, shopper, bucket bag, "
    "shoulder bag, pocketbook, money clip, knapsack, laptop bag, gym bag, makeup bag",
    Category.SCARF: "scarf, shawl, stole, pashmina, snood, neckerchief, muffler, neck gaiter, foulard",
    Category.UMBRELLA: "umbrella, parasol",
}

GERMAN: Final[dict[Category, str]] = {
    Category.SHIRT: "hemd, hemden, bluse, blusen, uberhemd",
    Category.TOP: "t shirt, shirt, shirts, longsleeve, top, tops, polo, poloshirt, sweatshirt, kapuzenpullover, "
    "kapuzenpulli, kapuzensweatshirt, hoodie, tanktop, tragertop, unterziehshirt, oberteil, oberteile, "
    "tunika, langarmshirt, sweatshirts",
    Category.SWEATER: "pullover, pulli, pullis, strickpullover, rollkragenpullover, rolli, troyer",
    Category.CARDIGAN: "strickjacke, strickjacken, cardigan, cardigans",
    Category.JACKET: "jacke, jacken, blazer, sakko, sakkos, blouson, anzug, anzuge, jackett, jacketts, smoking",
    Category.VEST: "weste, westen, pullunder",
    Category.PANTS: "hose, hosen, jeans, leggings, leggins, jogginghose, chinos, chino, stoffhose, jogger, "
    "reithose, skihose",
    Category.SHORTS: "shorts, kurze hose, kurze hosen, kurze sporthose, bermuda, bermudas, bermudashorts, "
    "radlerhose, radlerhosen, kurze jeans, badeshorts, badehose, badehosen",
    Category.SKIRT: "rock, rocke, minirock, maxirock",
    Category.COAT: "mantel, parka, parkas, trenchcoat, trenchcoats",
    Category.DRESS: "kleid, kleider, dirndl, robe",
    Category.JUMPSUIT: "jumpsuit, jumpsuits, overall, overalls, latzhose, latzhosen, einteiler, strampler",
    Category.CAPE: "cape, capes, poncho, ponchos, umhang",
    Category.GLASSES: "brille, brillen, sonnenbrille",
    Category.HAT: "hut, hute, mutze, mutzen, kappe, kappen, basecap, cap, caps, beanie, beanies, baskenmutze, "
    "strohhut, strohhute, sonnenhut, sonnenhute, fischerhut, fischerhute, filzhut, filzhute",
    Category.HEADBAND: "stirnband, stirnbander, haarband, haarbander, haarreif, haarreifen, haargummi, "
    "haargummis, haarspange, haarspangen, haarklammer, kopftuch",
    Category.TIE: "krawatte, krawatten, fliege, schlips",
    Category.GLOVE: "handschuh, handschuhe, faustling, faustlinge",
    # "uhr" and "hut" end words of other things, a wall clock's and a thimble's: these stand in full
    Category.WATCH: "uhr, uhren, armbanduhr, armbanduhren, herrenuhr, herrenuhren, damenuhr, damenuhren, "
    "taschenuhr, taschenuhren, kinderuhr, kinderuhren, sportuhr, sportuhren",
    Category.BELT: "gurtel",
    Category.LEG_WARMER: "beinstulpen, stulpen, beinwarmer",
    Category.TIGHTS: "strumpfhose, strumpfhosen, strumpf, strumpfe, feinstrumpfhose",
    Category.SOCK: "socke, socken, kniestrumpf, kniestrumpfe, sockchen, fusslinge",
    Category.SHOE: "schuh, schuhe, stiefel, stiefelette, stiefeletten, sandale, sandalen, sandalette, "
    "sandaletten, sneaker, pumps, ballerina, ballerinas, halbschuhe, pantolette, pantoletten, "
    "hausschuhe, turnschuhe, slipper, mokassin, mokassins, schnurer, zehentrenner, clogs, gummistiefel",
    Category.BAG: "tasche, taschen, rucksack, rucksacke, geldborse, geldborsen, portemonnaie, portemonnaies, "
    "brieftasche, brieftaschen, clutch, shopper, beutel, umhangetasche, geldbeutel, kartenetui",
    Category.SCARF: "schal, schals, halstuch, halstucher, loopschal, tuch, tucher, stola",
    Category.UMBRELLA: "regenschirm, regenschirme, schirm, schirme",
}

FRENCH: Final[dict[Category, str]] = {
    Category.SHIRT: "chemise, chemisier, blouse, surchemise",
    Category.TOP: "haut, debardeur, t shirt, tee shirt, sweat, sweat shirt, sweat a capuche, polo, tunique, "
    "caraco, top, body, maillot de foot, marcel, hoodie",
    Category.SWEATER: "pull, pull over, pullover, col roule, chandail, tricot",
    Category.CARDIGAN: "cardigan, gilet en maille, gilet",
    Category.JACKET: "veste, blouson, doudoune, blazer, costume, bombers, perfecto, coupe vent, smoking, "
    "veston, saharienne",
    Category.VEST: "gilet sans manches, gilet de costume, gilet matelasse, doudoune sans manches",
    Category.PANTS: "pantalon, jean, jeans, jogging, legging, chino, bas de jogging, sarouel, treillis",
    Category.SHORTS: "short, bermuda, combishort court, short de bain",
    Category.SKIRT: "jupe, minijupe, jupe culotte, jupe short, tutu",
    Category.COAT: "manteau, manteaux, trench, impermeable, parka, caban, pardessus, cire, duffle coat",
    Category.DRESS: "robe, kaftan, djellaba",
    Category.JUMPSUIT: "combinaison, salopette, combishort, combi short, combipantalon",
    Category.CAPE: "cape, poncho",
    Category.GLASSES: "lunettes, lunettes de soleil, lunette de soleil",
    Category.HAT: "chapeau, chapeaux, casquette, bonnet, beret, bob, cagoule",
    Category.HEADBAND: "bandeau, bandeaux, serre tete, chouchou, barrette, pince a cheveux, "
    "accessoire cheveux, bandana",
    Category.TIE: "cravate, noeud papillon",
    Category.GLOVE: "gant, moufle, mitaine",
    Category.WATCH: "montre",
    Category.BELT: "ceinture",
    Category.LEG_WARMER: "jambiere, guetre",
    Category.TIGHTS: "collant, bas, mi bas",
    Category.SOCK: "chaussette, socquette",
    Category.SHOE: "chaussure, basket, botte, bottine, sandale, escarpin, mocassin, ballerine, espadrille, "
    "tong, derbies, sabot, chausson, mule, sneaker, babies, nu pieds, pantoufle, cuissarde",
    Category.BAG: "sac, sac a main, sac a dos, sacoche, portefeuille, pochette, cabas, porte monnaie, "
    "porte cartes, besace, cartable, banane, tote bag, sac bandouliere",
    Category.SCARF: "echarpe, foulard, chale, etole, snood, cheche",
    Category.UMBRELLA: "parapluie, ombrelle",
}

SPANISH: Final[dict[Category, str]] = {
    Category.SHIRT: "camisa, blusa, sobrecamisa",
    Category.TOP: "camiseta, sudadera, polo, top, tunica, body, camiseta de tirantes, capucha",
    Category.SWEATER: "jersey, sueter, sueteres, pulover, chompa",
    Category.CARDIGAN: "cardigan, rebeca, chaqueta de punto",
    Category.JACKET: "chaqueta, cazadora, americana, blazer, traje, chamarra, chaqueton, plumifero, cortavientos",
    Category.VEST: "chaleco",
    Category.PANTS: "pantalon, pantalones, vaquero, vaqueros, tejano, tejanos, jeans, mallas, leggings, chinos, "
    "joggers, pantalones vaqueros",
    Category.SHORTS: "pantalon corto, pantalones cortos, shorts, bermuda, bermudas, falda pantalon",
    Category.SKIRT: "falda, minifalda, pollera",
    Category.COAT: "abrigo, gabardina, impermeable, parka, trench, anorak, tres cuartos",
    Category.DRESS: "vestido, caftan",
    Category.JUMPSUIT: "mono, peto, enterizo, pelele",
    Category.CAPE: "capa, poncho",
    Category.GLASSES: "gafas, gafas de sol, lentes de sol, anteojos",
    Category.HAT: "gorro, gorra, sombrero, boina, visera",
    Category.HEADBAND: "diadema, coletero, pasador, cinta de pelo, cinta para el pelo, pinza de pelo, turbante, "
    "horquilla",
    Category.TIE: "corbata, pajarita",
    Category.GLOVE: "guante, manopla, miton",
    Category.WATCH: "reloj, relojes",
    Category.BELT: "cinturon, cinturones",
    Category.LEG_WARMER: "calentador, calentadores",
    Category.TIGHTS: "medias, pantis, panty",
    Category.SOCK: "calcetin, calcetines",
    Category.SHOE: "zapato, zapatilla, bota, botin, botines, sandalia, mocasin, mocasines, bailarina, alpargata, "
    "chancla, deportivas, tacones, zuecos, cunas, calzado, sneakers, merceditas",
    Category.BAG: "bolso, mochila, cartera, monedero, bandolera, rinonera, tarjetero, bolsa, billetera, "
    "bolso de mano, capazo",
    Category.SCARF: "bufanda, panuelo, fular, chal, estola, panoleta",
    Category.UMBRELLA: "paraguas, sombrilla",
}

ITALIAN: Final[dict[Category, str]] = {
    Category.SHIRT: "camicia, camicie, blusa, bluse, camicetta, camicette",
    Category.TOP: "maglietta, magliette, felpa, felpe, canotta, canotte, polo, t shirt, top, tunica, body",
    Category.SWEATER: "maglione, maglioni, maglia, maglie, pullover, dolcevita, maglieria",
    Category.CARDIGAN: "cardigan, golf",
    Category.JACKET: "giacca, giacche, giubbotto, giubbotti, giubbino, piumino, piumini, blazer, bomber, "
    "giacca a vento, smoking, giaccone",
    Category.VEST: "gilet, smanicato, panciotto",
    Category.PANTS: "pantalone, pantaloni, jeans, leggings, jogger, chinos, pantaloni chino",
    Category.SHORTS: "pantaloncini, pantaloncino, bermuda, shorts, pantaloni corti",
    Category.SKIRT: "gonna, gonne, minigonna, minigonne",
    Category.COAT: "cappotto, cappotti, impermeabile, impermeabili, trench, parka, soprabito, montgomery",
    Category.DRESS: "vestito, vestiti, abito, abiti, abitino",
    Category.JUMPSUIT: "tuta intera, salopette, tutina",
    Category.CAPE: "mantella, mantelle, mantello, poncho",
    Category.GLASSES: "occhiali, occhiali da sole, occhiale",
    Category.HAT: "cappello, cappelli, cappellino, berretto, berretti, basco, cuffia",
    Category.HEADBAND: "cerchietto, cerchietti, fascia per capelli, fermaglio, elastico per capelli, turbante",
    Category.TIE: "cravatta, cravatte, papillon",
    Category.GLOVE: "guanto, guanti, muffole",
    Category.WATCH: "orologio, orologi",
    Category.BELT: "cintura, cinture, cinta",
    Category.LEG_WARMER: "scaldamuscoli",
    Category.TIGHTS: "collant, autoreggenti, parigine",
    Category.SOCK: "calza, calze, calzino, calzini, calzettoni, calzettone",
    Category.SHOE: "scarpa, scarpe, stivale, stivali, stivaletto, stivaletti, sandalo, sandali, mocassino, "
    "mocassini, ballerina, ballerine, infradito, ciabatta, ciabatte, sneakers, zoccoli, pantofole, "
    "espadrillas, calzature",
    Category.BAG: "borsa, borse, zaino, zaini, portafoglio, portafogli, borsetta, marsupio, pochette, borsone, "
    "tracolla, portamonete, portacarte",
    Category.SCARF: "sciarpa, sciarpe, foulard, scialle, stola, scaldacollo",
    Category.UMBRELLA: "ombrello, ombrelli",
}

NEUTRAL: Final = (
    "tie dye, tie dyed, tie neck, tie waist, tie front, tie back, tie up, tie shoulder, tie side, "
    "tie detail, self tie, tie fastening, tie belt, boot cut, boot leg, cap sleeve, cap sleeved, cap toe, "
    "polo ralph lauren, top quality, top rated, top handle, top stitch, top stitching, high top, low top, "
    "roll top, long sleeve, short sleeve, long sleeved, short sleeved, belt loop, belt detail, cape cod, "
    "cape town, tee time, jersey cotton, cotton jersey, slip on, block heel, two piece, "
    "ring detail, o ring, d ring, ring spun, lace up, lace trim, lace, one piece, lace insert"
)
"""Phrases that describe, though a garment's name stands in them."""

COARSE: Final[dict[str, tuple[Category | None, tuple[Category, ...]]]] = {
    "shirts tops": (
        Category.TOP,
        (Category.SHIRT, Category.SWEATER, Category.CARDIGAN, Category.VEST),
    ),
    "clothing tops": (
        Category.TOP,
        (Category.SHIRT, Category.SWEATER, Category.CARDIGAN, Category.VEST),
    ),
    "tops": (Category.TOP, (Category.SHIRT, Category.SWEATER, Category.CARDIGAN, Category.VEST)),
    "hauts": (Category.TOP, (Category.SHIRT, Category.SWEATER, Category.CARDIGAN)),
    "oberteile": (Category.TOP, (Category.SHIRT, Category.SWEATER, Category.CARDIGAN)),
    "shirts": (Category.SHIRT, (Category.TOP,)),
    "sweaters": (Category.SWEATER, (Category.CARDIGAN, Category.VEST, Category.TOP)),
    "knitwear": (Category.SWEATER, (Category.CARDIGAN, Category.VEST)),
    "pulls": (Category.SWEATER, (Category.CARDIGAN,)),
    "coats jackets": (Category.JACKET, (Category.COAT, Category.VEST, Category.CAPE)),
    "jackets coats": (Category.JACKET, (Category.COAT, Category.VEST, Category.CAPE)),
    "outerwear": (
        Category.JACKET,
        (Category.COAT, Category.VEST, Category.CAPE, Category.CARDIGAN),
    ),
    "jackets": (Category.JACKET, (Category.COAT, Category.VEST, Category.CAPE)),
    "jacken": (Category.JACKET, (Category.COAT, Category.VEST, Category.CAPE)),
    "jacken mantel": (Category.JACKET, (Category.COAT, Category.VEST, Category.CAPE)),
    "manteaux vestes": (Category.COAT, (Category.JACKET, Category.CAPE)),
    "coats": (Category.COAT, (Category.JACKET, Category.CAPE)),
    "pants": (Category.PANTS, (Category.SHORTS,)),
    "trousers": (Category.PANTS, (Category.SHORTS,)),
    "hosen": (Category.PANTS, (Category.SHORTS,)),
    "bottoms": (None, (Category.PANTS, Category.SHORTS, Category.SKIRT)),
    "pants shorts": (Category.PANTS, (Category.SHORTS,)),
    "suits": (
        Category.JACKET,
        (Category.PANTS, Category.VEST, Category.SKIRT, Category.DRESS, Category.JUMPSUIT),
    ),
    "one pieces": (Category.JUMPSUIT, (Category.DRESS, Category.TOP)),
    "hosiery": (Category.TIGHTS, (Category.SOCK, Category.LEG_WARMER)),
    "socks tights": (Category.SOCK, (Category.TIGHTS, Category.LEG_WARMER)),
    "headwear": (Category.HAT, (Category.HEADBAND,)),
    "hats": (Category.HAT, (Category.HEADBAND,)),
    "scarves": (Category.SCARF, (Category.HEADBAND,)),
}
"""Departments that hold several kinds: which is meant where nothing else says, and which it may be."""

AFTER_HEAD: Final = (
    "with, for, in, from, by, featuring, feat, w, without, incl, including, at, on, "
    "mit, fur, aus, ohne, im, von, avec, pour, en, sans, con, para, sin, per, senza"
)
"""What follows these only describes."""

HINTS: Final[dict[str, str]] = {
    "english": "with, for, and, in, the, women, men, womens, mens, of",
    "german": "mit, fur, aus, ohne, im, von, und, damen, herren, kinder, schwarz, weiss, blau, rot, grun",
    "french": "a, au, aux, de, du, des, la, le, les, l, d, en, et, avec, sans, pour, femme, homme, fille, "
    "garcon, noir, noire, blanc, blanche, bleu, bleue, rouge, vert, verte, vetements, longue, courte",
    "spanish": "de, la, el, los, las, del, en, y, con, para, sin, mujer, hombre, nina, nino, negro, negra, "
    "blanco, blanca, azul, rojo, roja, ropa, larga, corta, largo",
    "italian": "di, da, dei, della, in, e, con, per, senza, donna, uomo, bambina, bambino, nero, nera, "
    "bianco, bianca, rosso, rossa, abbigliamento, lunga, corta, a",
}
"""Small words and colours that tell a title's language."""
LETTERS: Final[dict[str, str]] = {
    "german": "äöüß", "french": "éèêçœàâîôû", "spanish": "áéíóúñ", "italian": "òùìàè",
}  # fmt: skip
"""Letters that hint at one."""
JOINING: Final[dict[str, str]] = {
    "english": "and", "german": "und", "french": "et", "spanish": "y", "italian": "e",
}  # fmt: skip
HEAD_FIRST: Final = frozenset(("french", "spanish", "italian"))
"""Languages in which the first garment named is the head: `robe chemise` is a dress."""
