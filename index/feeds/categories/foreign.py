"""What is sold beside garments, by language, and words that make a garment's name mean such."""

from __future__ import annotations

from typing import Final

FOREIGN: Final[dict[str, str]] = {
    "english": "necklace, bracelet, earring, ring, anklet, pendant, brooch, jewelry, jewellery, cufflink, "
    "bra, panty, panties, knickers, thong, briefs, brief, boxer, boxers, "
    "boxer briefs, boxer shorts, lingerie, underwear, undershirt, shapewear, corset, garter, "
    "garter belt, petticoat, long johns, slip, trunks, babydoll, "
    "swimsuit, swimwear, swim brief, swim briefs, bikini, tankini, rash vest, rash guard, bathing suit, swim suit, wetsuit, "
    "wet suit, cover up, "
    "pajamas, pyjamas, pajama, pyjama, pj, nightgown, nightdress, nightie, nightshirt, sleepshirt, "
    "sleepwear, bathrobe, robe, dressing gown, loungewear set, "
    "shoe care, shoe polish, shoe tree, shoe rack, shoe horn, shoe bag, shoe box, shoe spray, shoelace, "
    "shoe lace, lace, insole, care kit, cleaning kit, cleaner, polish, shoe cream, boot jack, "
    "watch strap, watch band, watch box, watch winder, watch case, belt buckle, tie clip, tie pin, "
    "tie bar, tie rack, suspenders, braces, pocket square, handkerchief, collar stay, "
    "glasses case, sunglasses case, glasses chain, glasses cord, lens cloth, wine glasses, "
    "drinking glasses, bag charm, bag strap, bag sleeve, laptop bag sleeve, laptop sleeve, tablet sleeve, phone case, "
    "keychain, keyring, key ring, luggage tag, bag insert, bean bag, beanbag, sleeping bag, punching bag, "
    "trash bag, tea bag, gift bag, garment bag, suitcase, luggage, "
    "coat hanger, coat rack, hanger, coat stand, umbrella stand, umbrella base, hat box, hat stand, "
    "dress form, sewing pattern, fabric, yarn, patch, sticker, poster, print poster, "
    "cushion, cushion cover, pillow, pillow case, pillowcase, duvet, duvet cover, blanket, throw, towel, "
    "curtain, rug, bedding, sheet set, tablecloth, mug, candle, vase, lamp, top coat, base coat, "
    "gift card, voucher, perfume, fragrance, eau de parfum, eau de toilette, lipstick, nail polish, "
    "shampoo, moisturiser, serum, wig, costume, face mask, mask, helmet, toy, doll, book, goggles, "
    "sofa, couch, armchair, chair, stool, bench, desk, dining table, coffee table, bed, mattress, wardrobe, "
    "bookcase, bookshelf, shelf, television, tv, headphone, headphones, earphone, earbuds, loudspeaker, charger, "
    "keyboard, printer, camera, bowl, plate, saucepan, cookware, knife, album, vinyl record, dvd, puzzle, "
    "board game, notebook, bicycle, tent, surfboard, skateboard, snowboard, soap, dog toy, cat toy, "
    "hair dryer, hair brush, hairbrush, water bottle, knee pad, seat belt, tool belt, conveyor belt, "
    "table top, laptop, boot liner, boot tray, ear muff, earmuff, chef s hat, lanyard",
    "german": "halskette, kette, ohrring, ohrringe, ohrstecker, armband, armbander, armreif, ring, ringe, "
    "schmuck, brosche, bh, bhs, unterhose, unterhosen, unterhemd, unterhemden, slip, slips, boxershorts, "
    "unterwasche, dessous, badeanzug, badeanzuge, bikini, bikinis, "
    "bademode, bademantel, sofa, sofas, sessel, stuhl, stuhle, tisch, tische, matratze, fernseher, schussel, "
    "lautsprecher, kopfhorer, ladegerat,  schlafanzug, schlafanzuge, pyjama, nachthemd, nachthemden, morgenmantel, "
    "schuhcreme, schuhspanner, schuhpflege, schuhloffel, schnursenkel, schuhregal, einlegesohlen, "
    "uhrenarmband, hosentrager, kleiderbugel, kleiderstander, kleiderschrank, garderobe, "
    "brillenetui, gurtelschnalle, krawattennadel, manschettenknopfe, wanduhr, wanduhren, schutzhulle, "
    "kissen, kissenbezug, bettwasche, handtuch, handtucher, decke, vorhang, teppich, tischdecke, "
    "tischtuch, bettlaken, gutschein, parfum, sonnenschirm, lampenschirm, bildschirm, taschentuch, "
    "taschentucher, schlusselanhanger, koffer, kerze, tasse, kostum, neoprenanzug, schneeanzug, "
    "schrittzahler, bettdecke, spieluhr, wecker, putztuch, geschirrtuch",
    "french": "collier, bague, boucle d oreille, boucles d oreilles, bracelet, pendentif, bijou, bijoux, "
    "broche, soutien gorge, culotte, slip, string, boxer, calecon, lingerie, sous vetement, brassiere, "
    "maillot de bain, maillot, bikini, pyjama, canape, fauteuil, chaise, matelas, chemise de nuit, nuisette, peignoir, "
    "robe de chambre, lacet, cirage, semelle, embauchoir, bracelet de montre, bretelle, "
    "boutons de manchette, etui a lunettes, cintre, coussin, housse de coussin, serviette, couverture, "
    "plaid, rideau, tapis, nappe, tasse, bougie, parfum, carte cadeau, porte cles, valise, deguisement, "
    "gants de boxe, drap, taie, perruque, gant de toilette, sac de couchage, sac poubelle",
    "spanish": "collar, anillo, pendiente, pulsera, brazalete, colgante, broche, joya, joyeria, "
    "sujetador, braga, tanga, calzoncillo, boxer, boxers, lenceria, ropa interior, banador, bikini, "
    "traje de bano, pijama, camison, camisones, bata, albornoz, cordones, plantilla, betun, "
    "correa de reloj, tirantes, gemelos, percha, cojin, cojines, toalla, manta, cortina, alfombra, mantel, "
    "taza, vela, perfume, tarjeta regalo, llavero, maleta, disfraz, disfraces, funda, sabana, "
    "almohada, saco de dormir",
    "italian": "collana, collane, anello, anelli, orecchino, orecchini, bracciale, bracciali, ciondolo, "
    "spilla, gioielli, reggiseno, reggiseni, mutande, mutandine, slip, perizoma, boxer, intimo, "
    "biancheria, costume, costumi, costume da bagno, bikini, pigiama, pigiami, camicia da notte, "
    "vestaglia, accappatoio, lacci, solette, lucido per scarpe, cinturino, bretelle, gemelli, gruccia, "
    "cuscino, cuscini, asciugamano, asciugamani, coperta, tenda, tappeto, tovaglia, tazza, candela, "
    "profumo, portachiavi, valigia, trapunta, lenzuola, calzascarpe, cover",
}
"""What is sold beside garments, and parts of garments: no kind of ours."""

FOREIGN_BEFORE: Final = (
    "bikini, bathing, pyjama, pyjamas, pajama, pajamas, pj, sleep, dog, cat, pet, doll, "
    "barbie, oven, boxing, rubber, latex, nitrile, disposable, goalkeeper, gardening, costume, "
    "underwear, lingerie, thermal underwear, kitchen, dishwashing, wrist"
)
"""Words that, right before a garment, make it something else: a swim short, a dog coat, an oven glove."""

FOREIGN_AFTER: Final = (
    "strap, band, case, box, hanger, hangers, rack, stand, clip, buckle, charm, cleaner, polish, care, "
    "spray, laces, liner, insert, organizer, organiser, holder, tree, trees, kit, storage, repair, "
    "cleaning"
)
"""Words that, right after a garment, make it something else: a watch box, shoe care."""

DEPARTMENTS: Final = (
    "home garden, garden, bedding, linens, linens bedding, furniture, kitchen, kitchen dining, "
    "electronics, animals pet supplies, animals, pets, pet supplies, books, music, media, office supplies, dog supplies, cat supplies, toys, toys games, "
    "beauty, health beauty, cosmetics, homeware, household, luggage accessories, sporting goods, "
    "jewelry, jewellery, swimwear, swim, sleepwear, nightwear, sleepwear loungewear, lingerie, underwear, "
    "costumes, costumes accessories, baby toddler swimwear, baby toddler sleepwear, toddler underwear, "
    "boys underwear, girls underwear, shoe accessories, schmuck, bademode, unterwasche, nachtwasche, "
    "bijoux, maillots de bain, pyjamas, maison, joyeria, lenceria, bano, hogar, gioielli, intimo, costumi, "
    "casa, wohnen"
)
"""Departments of a shop whose wares are no garments of ours, whatever they are called below."""
