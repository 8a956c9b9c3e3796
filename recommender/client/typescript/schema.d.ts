// Written by `make client` from docs/openapi.json: change the API, not this file.

/** Whom an item is cut for. Only ever excludes; never guessed from a person. */
export type Audience = "women" | "men" | "unisex" | "kids" | "unknown";

/** Whether an item can be bought, in Google Merchant's words. */
export type Availability = "in_stock" | "out_of_stock" | "preorder" | "backorder";

/** What is believed of one slot. */
export interface BelievedSlot {
  /** 0 for a stranger, towards 1. */
  sureness: number;
  /** The strongest first. */
  items: Pulling[];
}

/** One entry a line, in order. */
export interface BulkAnswer {
  results: Written[];
  dry_run: boolean;
}

/** A slot that has too few items for an audience, a formality, days and a band of prices. */
export interface CatalogueGap {
  slot: string;
  audience: string;
  formality: string;
  warmth: string;
  /** `low`, `middle`, `high`; empty without prices. */
  price_band: string;
  /** That can be bought. */
  items: number;
  /** Items beside them that want one. */
  wanting: number;
  /** Those among all items for the audience that want one. */
  share: number;
  /** What the band costs more than. */
  price_above: string | null;
  /** What it costs at most. */
  price_up_to: string | null;
  /** Of these; empty where there are several. */
  currency: string;
}

/** An apparel category; the value is the short name used in every JSON this project writes. */
export type Category = "shirt" | "top" | "sweater" | "cardigan" | "jacket" | "vest" | "pants" | "shorts" | "skirt" | "coat" | "dress" | "jumpsuit" | "cape" | "glasses" | "hat" | "headband" | "tie" | "glove" | "watch" | "belt" | "leg warmer" | "tights" | "sock" | "shoe" | "bag" | "scarf" | "umbrella";

/** One or two pieces of an outfit replaced. */
export interface Change {
  /** What for. */
  gain: Gain;
  /** Numbers of the garments that go. */
  replaced: number[];
  /** Of `picked`, those that go. */
  replaced_skus: string[];
  /** Which of the look's picks take their place. */
  by: Slot[];
  /** What is replaced by what, and what is gained. */
  text: string;
}

/** One thing that must be ready. */
export interface Check {
  name: string;
  ready: boolean;
  detail: string;
  /** How to mend it; empty where it is ready. */
  next_step: string;
}

/** What completes an outfit: whole looks, and the suggestions of each slot. */
export interface CompletionAnswer {
  /** Of the photo; null where there was none. */
  width: number | null;
  height: number | null;
  garments: Garment[];
  /** Best first, at least one. */
  looks: LookAnswer[];
  /** Wanted slot -> items, best first. */
  slots: Partial<Record<Slot, Suggestion[]>>;
  /** Wanted slot -> why it is empty. */
  notes: Partial<Record<Slot, string>>;
  /** Stage -> milliseconds. */
  ms: Record<string, number>;
  /** What it is worn for; null without an outfit. */
  context?: ContextAnswer | null;
  /** Nothing essential is missing, so the looks are changes. */
  is_complete: boolean;
  /** What to know of the answer; often empty. */
  told: string;
}

/** What the outfit is worn for. */
export interface ContextAnswer {
  /** In words, such as `smart, mild day`. */
  text: string;
  /** The grade that new pieces should have: 0 sport to 3 formal. */
  formality: number;
  /** Of the day. */
  temperature_c: number;
  /** As asked; null where nobody asked. */
  occasion: Occasion | null;
  /** Whose items are proposed; null where it is open. */
  audience: Audience | null;
  /** Which of these were read off the outfit, not asked for. */
  read: string[];
}

/** What a person did with an item, where the shop said so. */
export interface Did {
  kind: EventKind;
  sku: string;
  at: string;
}

/** A filter that could be dropped. */
export interface Drop {
  filter: string;
  /** So many items pass the others. */
  passing: number;
}

/** What a buyer did with an item. */
export type EventKind = "click" | "cart" | "purchase";

/** A page of events, in the order they were sent in. */
export interface EventsAnswer {
  events: KeptEvent[];
  /** The next page's `after`; null on the last. */
  next_after: number | null;
}

/** What the shop's items can be filtered by. */
export interface FacetsAnswer {
  /** Filter -> value -> number of items that pass the other filters, most frequent first. */
  facets: Record<string, Record<string, number>>;
  /** How many items pass all filters. */
  passing: number;
  /** The filters in use, the one that hides most first. */
  drop: Drop[];
}

/** What a reason is about. */
export type Fact = "colour" | "formality" | "weather" | "occasion" | "pattern" | "shape" | "together" | "price";

/** How many feedbacks a person had given; none of them is kept. */
export interface Forgotten {
  forgotten: number;
}

/** How dressy a garment is. The members' order is theirs; texts do not compare, `grade` does. */
export type Formality = "sport" | "casual" | "smart" | "formal";

/** One thing that is wrong with rows of a feed, with what mends it. */
export interface Found {
  /** What is said of them all; `…` is what differs. */
  reason: string;
  count: number;
  /** The first three. */
  examples: Rejected[];
  mend: string;
}

/** What a change of an outfit is for. */
export type Gain = "dress_up" | "dress_down" | "warmer" | "hot_day" | "cheaper";

/** What outfits lack in the catalogue, what most items wait for first. */
export interface GapsAnswer {
  gaps: CatalogueGap[];
  /** Fewer items are a gap, where as many wait. */
  least: number;
}

/** A garment found in the photo. Its number is its place in the list, from 0. */
export interface Garment {
  category: Category;
  /** The detector's confidence. */
  score: number;
  /** Left, top, right, bottom in pixels. */
  box: number[];
  mask: Rle;
  /** Measured: `colour`, and where there are any `second_colour`, `pattern`, `sleeve`, `length`. */
  attributes: Record<string, string>;
  slot: Slot;
  /** The mask's border for drawing: polygons x1, y1, x2, y2, … in pixels. */
  outline: number[][];
  /** Those of the outline's polygons along which the garment can be cut out and shown alone; none where only scraps of it are seen. */
  cutout: number[][];
}

/** What is in a photo; best score first, an empty list where nothing was found. */
export interface GarmentsAnswer {
  /** Of the upright photo that all pixels refer to. */
  width: number;
  height: number;
  garments: Garment[];
  /** Who is in the photo, the main person first; others with `everyone`. */
  wearers: Wearer[];
  /** Stage -> milliseconds. */
  ms: Record<string, number>;
}

/** The process answers. */
export interface Health {
  status: string;
  version: string;
}

/** What a look's colours are about. */
export type Idea = "tonal" | "contrast" | "neutral";

/** An import as it stands. */
export interface ImportJob {
  id: string;
  /** The feed's name as it was uploaded. */
  source: string;
  state: "waiting" | "running" | "done" | "failed";
  /** What is true by now; see docs/index.md. */
  step: string;
  /** Rows so far. */
  done: number;
  total?: number | null;
  /** Rows a second. */
  rate: number;
  /** Seconds to go; null while unknown. */
  eta_s?: number | null;
  started_at?: string | null;
  ended_at?: string | null;
  report?: Report | null;
  /** Why it failed. */
  problem?: Problem | null;
  /** Hosts that pictures lie at and that nothing may be fetched from; name them in `fetch`. */
  hosts: Record<string, number>;
}

/** The latest imports, the newest first. */
export interface ImportsAnswer {
  imports: ImportJob[];
}

/** How the catalogue and its index are. */
export interface IndexAnswer {
  items: number;
  /** Items that the encoder has not seen. */
  unencoded: number;
  /** What is served; null where nothing is. */
  generation: number | null;
  /** What is kept, ascending. */
  generations: number[];
  store: string;
  vectors: number;
  dim: number;
  /** The encoder's fingerprint. */
  encoder: string;
  /** Whether it holds all that the catalogue has. */
  current: boolean;
  /** What to do where something is amiss; often empty. */
  note: string;
}

/** One value that is not allowed. */
export interface Invalid {
  where: string;
  message: string;
}

/** A thing that the shop sells. */
export interface Item {
  sku: string;
  title: string;
  description: string;
  category: Category;
  slot: Slot;
  brand: string;
  /** In `currency`; null where not given. */
  price: string | null;
  sale_price: string | null;
  /** ISO 4217, or empty where there is no price. */
  currency: string;
  availability: Availability;
  /** Whom it is cut for: as the shop says, else as words or picture tell. */
  audience: Audience;
  /** Such as blazer or trainer; empty if unknown. */
  fine_kind: string;
  /** How dressy it is; null where unknown. */
  formality?: Formality | null;
  /** The days for which it is worn; null where unknown. */
  warmth?: Warmth | null;
  colour: string;
  second_colour: string;
  pattern: string;
  material: string;
  sleeve: string;
  length: string;
  /** Which of these, and `title`, the shop left empty and the picture told. */
  measured: string[];
  sizes: string[];
  link: string;
  /** What the variants of one product share, or empty. */
  group: string;
  /** Its kind in the shop's own words. */
  merchant_category: string;
  /** Where its picture told the category; null elsewhere. */
  category_confidence: number | null;
  /** Where its picture is, relative to this server. */
  image: string;
  /** Further pictures, as `image`. */
  more_images: string[];
}

/** A page of items, in order of sku, or of likeness where words were given. */
export interface ItemsAnswer {
  items: Item[];
  /** How many pass the filters, on all pages; null where words were given. */
  total: number | null;
  /** The `offset` of the next page; null on the last. */
  next_offset: number | null;
}

/** An event as it is kept. */
export interface KeptEvent {
  number: number;
  kind: EventKind;
  sku: string;
  answer: string;
  person: string;
  at: string;
}

/** What the garment in a box may be. */
export interface KindsAnswer {
  /** All kinds, the likeliest first. */
  kinds: LikelyKind[];
}

/** What the garment in a box may be. */
export interface LikelyKind {
  category: Category;
  /** Those of all kinds add up to 1. */
  share: number;
}

/** An outfit: what is worn and stays, and what is proposed, chosen together. */
export interface LookAnswer {
  picks: Partial<Record<Slot, Suggestion>>;
  score: number;
  /** Currency -> what the look costs. */
  totals: Record<string, string>;
  /** Why there are no picks; empty where there are. */
  reason: string;
  /** Numbers of the garments that stay. */
  worn: number[];
  /** What its new colours are about; null where nothing tells. */
  idea?: Idea | null;
  /** What it replaces of an outfit; null where it adds. */
  change?: Change | null;
}

/** What became of one question: an answer, or what is wrong with it. */
export interface Looked {
  answer: SimilarAnswer | null;
  problem: Problem | null;
}

/** One entry for each question, in order. */
export interface LookupAnswer {
  answers: Looked[];
}

/** A model in use. */
export interface Model {
  name: "segmentation" | "encoder" | "compatibility";
  title: string;
  /** Whether the card below is of the model in use. */
  shipped: boolean;
  /** The shipped model's card, in Markdown. */
  card: string;
}

/** The models in use, in the order a photo meets them. */
export interface ModelsAnswer {
  models: Model[];
}

/** What an outfit is worn to. */
export type Occasion = "work" | "everyday" | "evening" | "celebration" | "sport";

/** All that is kept of a person, and what follows from it. */
export interface PersonAnswer {
  person: string;
  told: Told[];
  did: Did[];
  style: StyleAnswer;
}

/** A photo held in memory, with its garments as they stand: found, and corrected by hand. */
export interface PhotoAnswer {
  /** Of the upright photo that all pixels refer to. */
  width: number;
  height: number;
  garments: Garment[];
  /** Who is in the photo, the main person first; others with `everyone`. */
  wearers: Wearer[];
  /** Stage -> milliseconds. */
  ms: Record<string, number>;
  /** Names the photo; whoever knows it may use it. */
  id: string;
  /** When it is gone unless it is used again. */
  expires_at: string;
  /** Where in a screenshot that was sent with `crop` the photo lies: left, top, right, bottom in pixels. All else is said in pixels of that photo. Null where it is all of what was sent. */
  frame?: number[] | null;
}

/** Whether there was such a photo; it is gone either way. */
export interface PhotoDeleted {
  deleted: boolean;
}

/** What a person would pay for a kind. */
export interface PriceRange {
  category: Category;
  currency: string;
  low: string;
  high: string;
}

/** An error, RFC 9457. Refusals tell what, got, expected and next step one by one as well. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  what?: string | null;
  got?: string | null;
  expected?: string | null;
  next_step?: string | null;
  errors?: Invalid[] | null;
  checks?: Check[] | null;
  /** What the server's log knows the request by. */
  request_id?: string | null;
}

/** An item with feedback, and what time has left of it: likes above 0, dislikes below. */
export interface Pulling {
  sku: string;
  weight: number;
}

/** Whether photos can be answered. */
export interface Readiness {
  ready: boolean;
  checks: Check[];
}

/** A row of a feed, or a further picture of one, that was left out. */
export interface Rejected {
  /** Its place in the feed. */
  row: number;
  /** As far as it could be read. */
  sku: string;
  /** What was got and expected. */
  reason: string;
}

/** A page of what an import left out. */
export interface RejectsAnswer {
  rejects: Rejected[];
  total: number;
  /** The `offset` of the next page; null on the last. */
  next_offset: number | null;
}

/** What was taken out. */
export interface RemovedAnswer {
  removed: string[];
  dry_run: boolean;
}

/** What an import did, or would do. */
export interface Report {
  added: number;
  changed: number;
  unchanged: number;
  removed: number;
  rejected: number;
  withheld: number;
  pictures_left_out: number;
  /** Of rows that were taken. */
  warnings: number;
  /** What was left out or warned of, by reason. */
  findings: Found[];
  encoded: number;
  generation: number;
  seconds: number;
  dry_run: boolean;
}

/** A mask over the whole photo as COCO run lengths: `pycocotools.mask.decode` reads it. */
export interface Rle {
  /** Height, width. */
  size: number[];
  /** Compressed run lengths, column by column. */
  counts: string;
}

/** An outfit to try. */
export interface Sample {
  name: string;
  title: string;
  /** Where its photo is, relative to this server. */
  image: string;
}

/** The outfits to try. */
export interface SamplesAnswer {
  samples: Sample[];
}

/** A look that a person saved, with its items as the catalogue has them now. */
export interface SavedLook {
  id: number;
  at: string;
  items: Item[];
  /** Skus that the catalogue no longer has. */
  missing: string[];
  /** Currency -> what its items cost today. */
  totals: Record<string, string>;
  /** Sku -> what it cost when the look was saved. */
  prices: Record<string, SavedPrice>;
  /** What is worn with it, where the person agreed. */
  worn: WornPiece[];
}

/** A person's saved looks, the newest first. */
export interface SavedLooks {
  looks: SavedLook[];
}

/** What an item cost when its look was saved. */
export interface SavedPrice {
  price: string;
  currency: string;
}

/** A time of the year, in place of a temperature. */
export type Season = "spring" | "summer" | "autumn" | "winter";

/** A shared look: whoever knows the token sees its items until it expires. */
export interface ShareAnswer {
  token: string;
  expires_at: string;
}

/** The items of a shared look as the catalogue has them now, in order. */
export interface SharedLook {
  items: Item[];
  /** Skus that the catalogue no longer has. */
  missing: string[];
  /** Currency -> what its items cost today. */
  totals: Record<string, string>;
  expires_at: string;
  /** What is worn with it, where the person agreed. */
  worn: WornPiece[];
}

/** Items like the query, nearest first; none where nothing that passes the filters is like it. */
export interface SimilarAnswer {
  hits: SimilarHit[];
  /** The garment of the photo that was compared. */
  garment: Garment | null;
  /** What to know of the answer; often empty. */
  note: string;
  /** The `offset` of the next page; null on the last. */
  next_offset?: number | null;
  /** Stage -> milliseconds. */
  ms: Record<string, number>;
}

/** A similar product, named by one of its items. */
export interface SimilarHit {
  sku: string;
  /** Cosine to the query, the best variant's. */
  score: number;
  item: Item;
  /** Its other variants in the catalogue, whatever the filters. */
  variants: Variant[];
}

/** A place in an outfit. */
export type Slot = "top" | "outer" | "bottom" | "one-piece" | "shoes" | "bag" | "hosiery" | "accessories";

/** What follows from feedback. */
export interface StyleAnswer {
  told: number;
  slots: Partial<Record<Slot, BelievedSlot>>;
  /** Of liked items, with their weights. */
  colours: Record<string, number>;
  kinds: Partial<Record<Category, number>>;
  prices: PriceRange[];
  /** Skus that the catalogue no longer has. */
  missing: string[];
  note: string;
}

/** The stylist's table that is in use, as TOML. */
export interface StylistAnswer {
  /** The table that everybody begins with. */
  shipped: string;
  /** The shop's own, laid over it; empty where it has none. */
  own: string;
  /** Why the shop's own cannot be used; mostly empty. */
  problem: string;
}

/** An item for a slot, and why. */
export interface Suggestion {
  sku: string;
  /** Comparable within one slot only. */
  score: number;
  /** Reasons, the one that says most first. */
  why: Why[];
  item: Item;
}

/** What became of them. */
export interface Taken {
  taken: number;
  /** Skus that the catalogue does not have. */
  unknown: string[];
}

/** One feedback of a person. */
export interface Told {
  verdict: Verdict;
  skus: string[];
  at: string;
  /** Sku -> what it cost when the look was saved. */
  prices: Record<string, SavedPrice>;
  /** What is worn with it, where the person agreed. */
  worn: WornPiece[];
}

/** What was taken back; null where there was nothing. */
export interface Undone {
  undone: Told | null;
}

/** Whether there was such a share; it is gone either way. */
export interface Unshared {
  deleted: boolean;
}

/** Another item of the same product, such as another size or colour, or a copy of its picture. */
export interface Variant {
  sku: string;
  colour: string;
  sizes: string[];
  availability: Availability;
}

/** A feedback: on one item, or, where a look was saved, of each of its items. */
export type Verdict = "like" | "dislike" | "save";

/** The days for which a garment is worn. */
export type Warmth = "hot" | "mild" | "cold";

/** Somebody in the photo, distinguished by where their garments are. Their number is their place in the list. */
export interface Wearer {
  /** Numbers of what they wear. */
  garments: number[];
  /** Around all of it, as a garment's. */
  box: number[];
}

/** One reason. */
export interface Why {
  /** What it is about. */
  fact: Fact;
  /** A clause as a person would say it. */
  text: string;
}

/** A garment that is worn with a look, cut out of a photo. */
export interface WornPiece {
  category: Category;
  slot: Slot;
  /** WebP as a data URL, see-through around the garment. */
  image: string;
}

/** What became of an item that was written. */
export interface Written {
  sku: string;
  /** In a dry run, what would become of it. */
  result: "added" | "changed" | "unchanged" | "removed" | "refused";
  /** As the catalogue has it now. */
  item?: Item | null;
  /** What was left out or read otherwise. */
  warnings: string[];
  problem?: Problem | null;
}

/** What can be asked, by method and path as docs/api.md names it. */
export interface Operations {
  /** The garments of a photo: Find every garment of a photo with its mask and attributes. None found is an empty list. */
  "POST /v1/garments": {
    json?: {
      /** Passers-by too, not only the garments of the photo's main person. */
      everyone?: boolean;
      /** Where the photo lies, instead of `photo`; only where the server is set to fetch from there. */
      url?: string | null;
    };
    form?: {
      /** The photo: JPEG, PNG, WebP, HEIC or AVIF. */
      photo?: Blob;
      /** Passers-by too, not only the garments of the photo's main person. */
      everyone?: boolean;
      /** Where the photo lies, instead of `photo`; only where the server is set to fetch from there. */
      url?: string | null;
    };
    answer: GarmentsAnswer;
  };
  /** What completes the outfit of a photo: Propose items for the slots that the outfit lacks, and whole looks made of them. */
  "POST /v1/complete": {
    json?: {
      /** Places in the outfit. */
      slot?: Slot[];
      /** Kinds of garment. */
      category?: Category[];
      /** Least asking price. */
      min_price?: number | string | null;
      /** Highest asking price. */
      max_price?: number | string | null;
      /** Of an item's price, such as EUR: where a catalogue is sold in several, amounts are compared as they stand. */
      currency?: string[];
      /** Without regard to case. */
      brand?: string[];
      /** Without regard to case. */
      colour?: string[];
      /** plain, stripe, pinstripe, check, gingham, dots, floral or a shop's own; stripe finds pinstripe too. */
      pattern?: string[];
      /** Such as short or long. */
      sleeve?: string[];
      /** Such as mini or midi. */
      length?: string[];
      /** One of an item's sizes; without regard to case. */
      size?: string[];
      /** Whom items are cut for; those of unisex and unknown audience pass wherever adults do. Without it, all but kids' items answer. */
      audience?: Audience[];
      /** Finer kinds, such as blazer or trainer. */
      fine_kind?: string[];
      /** How dressy. */
      formality?: Formality[];
      /** Worn on which days. */
      warmth?: Warmth[];
      /** Without it, all but what is out of stock. */
      availability?: Availability[];
      /** Suggestions for each slot. */
      k?: number;
      /** Whole looks. */
      looks?: number;
      /** The most that a look may cost, with what is picked. */
      budget?: number | string | null;
      /** Slots whose garments stay; all else is to be replaced. Without it, all stay. */
      keep?: Slot[];
      /** Items that are chosen already, one of a slot: they stand in every look, and the others are chosen to go with them. */
      picked?: string[];
      /** Items that are not to be proposed. */
      exclude?: string[];
      /** Whose style moves the scores: see `/v1/people`. */
      person?: string | null;
      /** What the outfit is for; read off what is worn where not given. */
      occasion?: Occasion | null;
      /** Of the day, in degrees Celsius; read off what is worn where not given. */
      temperature_c?: number | null;
      /** In place of `temperature_c`. */
      season?: Season | null;
      /** Looks change the outfit in this way. Without it they complete it, or, where it is complete, show every change. */
      change?: Gain | null;
      /** A photo that `/v1/photos` holds, instead of `photo`; garments as corrected. */
      photo_id?: string | null;
      /** Where the photo lies, instead of `photo`; only where the server is set to fetch from there. */
      url?: string | null;
      /** Whose outfit, where several people are in the photo: a number of `wearers` as `/v1/garments` lists them with `everyone`; the main person's where not given. */
      wearer?: number | null;
    };
    form?: {
      /** The photo: JPEG, PNG, WebP, HEIC or AVIF. */
      photo?: Blob;
      /** Places in the outfit. */
      slot?: Slot[];
      /** Kinds of garment. */
      category?: Category[];
      /** Least asking price. */
      min_price?: number | string | null;
      /** Highest asking price. */
      max_price?: number | string | null;
      /** Of an item's price, such as EUR: where a catalogue is sold in several, amounts are compared as they stand. */
      currency?: string[];
      /** Without regard to case. */
      brand?: string[];
      /** Without regard to case. */
      colour?: string[];
      /** plain, stripe, pinstripe, check, gingham, dots, floral or a shop's own; stripe finds pinstripe too. */
      pattern?: string[];
      /** Such as short or long. */
      sleeve?: string[];
      /** Such as mini or midi. */
      length?: string[];
      /** One of an item's sizes; without regard to case. */
      size?: string[];
      /** Whom items are cut for; those of unisex and unknown audience pass wherever adults do. Without it, all but kids' items answer. */
      audience?: Audience[];
      /** Finer kinds, such as blazer or trainer. */
      fine_kind?: string[];
      /** How dressy. */
      formality?: Formality[];
      /** Worn on which days. */
      warmth?: Warmth[];
      /** Without it, all but what is out of stock. */
      availability?: Availability[];
      /** Suggestions for each slot. */
      k?: number;
      /** Whole looks. */
      looks?: number;
      /** The most that a look may cost, with what is picked. */
      budget?: number | string | null;
      /** Slots whose garments stay; all else is to be replaced. Without it, all stay. */
      keep?: Slot[];
      /** Items that are chosen already, one of a slot: they stand in every look, and the others are chosen to go with them. */
      picked?: string[];
      /** Items that are not to be proposed. */
      exclude?: string[];
      /** Whose style moves the scores: see `/v1/people`. */
      person?: string | null;
      /** What the outfit is for; read off what is worn where not given. */
      occasion?: Occasion | null;
      /** Of the day, in degrees Celsius; read off what is worn where not given. */
      temperature_c?: number | null;
      /** In place of `temperature_c`. */
      season?: Season | null;
      /** Looks change the outfit in this way. Without it they complete it, or, where it is complete, show every change. */
      change?: Gain | null;
      /** A photo that `/v1/photos` holds, instead of `photo`; garments as corrected. */
      photo_id?: string | null;
      /** Where the photo lies, instead of `photo`; only where the server is set to fetch from there. */
      url?: string | null;
      /** Whose outfit, where several people are in the photo: a number of `wearers` as `/v1/garments` lists them with `everyone`; the main person's where not given. */
      wearer?: number | null;
    };
    answer: CompletionAnswer;
  };
  /** Items like a photo's garment, an item or words: Find similar items. Send exactly one of `photo`, `url`, `photo_id`, `item` and `text`. */
  "POST /v1/similar": {
    json?: {
      /** Places in the outfit. */
      slot?: Slot[];
      /** Kinds of garment. */
      category?: Category[];
      /** Least asking price. */
      min_price?: number | string | null;
      /** Highest asking price. */
      max_price?: number | string | null;
      /** Of an item's price, such as EUR: where a catalogue is sold in several, amounts are compared as they stand. */
      currency?: string[];
      /** Without regard to case. */
      brand?: string[];
      /** Without regard to case. */
      colour?: string[];
      /** plain, stripe, pinstripe, check, gingham, dots, floral or a shop's own; stripe finds pinstripe too. */
      pattern?: string[];
      /** Such as short or long. */
      sleeve?: string[];
      /** Such as mini or midi. */
      length?: string[];
      /** One of an item's sizes; without regard to case. */
      size?: string[];
      /** Whom items are cut for; those of unisex and unknown audience pass wherever adults do. Without it, all but kids' items answer. */
      audience?: Audience[];
      /** Finer kinds, such as blazer or trainer. */
      fine_kind?: string[];
      /** How dressy. */
      formality?: Formality[];
      /** Worn on which days. */
      warmth?: Warmth[];
      /** Without it, all but what is out of stock. */
      availability?: Availability[];
      /** Items to return. */
      k?: number;
      /** So many items are passed over: for the next page. */
      offset?: number;
      /** What is to be otherwise than on the item or the photo's garment: `red`, `striped`. It moves what is searched for and filters nothing. */
      but?: string | null;
      /** Each variant of a product, and each copy of a picture, answers on its own. */
      every_variant?: boolean;
      /** The sku of an item. */
      item?: string | null;
      /** Words. */
      text?: string | null;
      /** A photo that `/v1/photos` holds, instead of `photo`; garments as corrected. */
      photo_id?: string | null;
      /** Where the photo lies, instead of `photo`; only where the server is set to fetch from there. */
      url?: string | null;
      /** With a photo: the number of the garment, from 0, as `/v1/garments` lists them; the largest one where not given. */
      garment?: number | null;
      /** Passers-by too, not only the garments of the photo's main person. */
      everyone?: boolean;
    };
    form?: {
      /** The photo: JPEG, PNG, WebP, HEIC or AVIF. */
      photo?: Blob;
      /** Places in the outfit. */
      slot?: Slot[];
      /** Kinds of garment. */
      category?: Category[];
      /** Least asking price. */
      min_price?: number | string | null;
      /** Highest asking price. */
      max_price?: number | string | null;
      /** Of an item's price, such as EUR: where a catalogue is sold in several, amounts are compared as they stand. */
      currency?: string[];
      /** Without regard to case. */
      brand?: string[];
      /** Without regard to case. */
      colour?: string[];
      /** plain, stripe, pinstripe, check, gingham, dots, floral or a shop's own; stripe finds pinstripe too. */
      pattern?: string[];
      /** Such as short or long. */
      sleeve?: string[];
      /** Such as mini or midi. */
      length?: string[];
      /** One of an item's sizes; without regard to case. */
      size?: string[];
      /** Whom items are cut for; those of unisex and unknown audience pass wherever adults do. Without it, all but kids' items answer. */
      audience?: Audience[];
      /** Finer kinds, such as blazer or trainer. */
      fine_kind?: string[];
      /** How dressy. */
      formality?: Formality[];
      /** Worn on which days. */
      warmth?: Warmth[];
      /** Without it, all but what is out of stock. */
      availability?: Availability[];
      /** Items to return. */
      k?: number;
      /** So many items are passed over: for the next page. */
      offset?: number;
      /** What is to be otherwise than on the item or the photo's garment: `red`, `striped`. It moves what is searched for and filters nothing. */
      but?: string | null;
      /** Each variant of a product, and each copy of a picture, answers on its own. */
      every_variant?: boolean;
      /** The sku of an item. */
      item?: string | null;
      /** Words. */
      text?: string | null;
      /** A photo that `/v1/photos` holds, instead of `photo`; garments as corrected. */
      photo_id?: string | null;
      /** Where the photo lies, instead of `photo`; only where the server is set to fetch from there. */
      url?: string | null;
      /** With a photo: the number of the garment, from 0, as `/v1/garments` lists them; the largest one where not given. */
      garment?: number | null;
      /** Passers-by too, not only the garments of the photo's main person. */
      everyone?: boolean;
    };
    answer: SimilarAnswer;
  };
  /** Send a photo once: Find the garments of a photo and hold it in memory, for later requests to name by its id. */
  "POST /v1/photos": {
    json?: {
      /** Passers-by too, not only the garments of the photo's main person. */
      everyone?: boolean;
      /** Where the photo lies, instead of `photo`; only where the server is set to fetch from there. */
      url?: string | null;
      /** Where it is a screenshot with a photo in it, look at that photo alone: the answer's `frame` says where it lies. */
      crop?: boolean;
    };
    form?: {
      /** The photo: JPEG, PNG, WebP, HEIC or AVIF. */
      photo?: Blob;
      /** Passers-by too, not only the garments of the photo's main person. */
      everyone?: boolean;
      /** Where the photo lies, instead of `photo`; only where the server is set to fetch from there. */
      url?: string | null;
      /** Where it is a screenshot with a photo in it, look at that photo alone: the answer's `frame` says where it lies. */
      crop?: boolean;
    };
    answer: PhotoAnswer;
  };
  /** A photo's garments as they stand: Return what is known of a photo; it is held for longer then. */
  "GET /v1/photos/{id}": {
    path: {
      /** The photo's `id`. */
      id: string;
    };
    answer: PhotoAnswer;
  };
  /** Delete a photo: Let go of a photo at once, with all that was found in it. */
  "DELETE /v1/photos/{id}": {
    path: {
      /** The photo's `id`. */
      id: string;
    };
    answer: PhotoDeleted;
  };
  /** Add a garment that was missed: Outline what lies in a drawn box; garments made by hand come first, in their own order. */
  "POST /v1/photos/{id}/garments": {
    path: {
      /** The photo's `id`. */
      id: string;
    };
    json: {
      /** Left, top, right, bottom in the photo's pixels. */
      box: number[];
      /** An apparel category; the value is the short name used in every JSON this project writes. */
      category: Category;
    };
    answer: PhotoAnswer;
  };
  /** Guess what a box holds: Return what the garment in a box may be; the photo stays as it is. */
  "POST /v1/photos/{id}/kinds": {
    path: {
      /** The photo's `id`. */
      id: string;
    };
    json: {
      /** Left, top, right, bottom in the photo's pixels. */
      box: number[];
    };
    answer: KindsAnswer;
  };
  /** Say what a garment is: Give a garment another kind, and with it another slot; its outline stays. */
  "PATCH /v1/photos/{id}/garments/{number}": {
    path: {
      /** The photo's `id`. */
      id: string;
      /** The garment's place in the list, from 0. */
      number: number;
    };
    json: {
      /** An apparel category; the value is the short name used in every JSON this project writes. */
      category: Category;
    };
    answer: PhotoAnswer;
  };
  /** Take away what is no garment: Take a garment out of the list; those after it move up by one. */
  "DELETE /v1/photos/{id}/garments/{number}": {
    path: {
      /** The photo's `id`. */
      id: string;
      /** The garment's place in the list, from 0. */
      number: number;
    };
    answer: PhotoAnswer;
  };
  /** A page of the catalogue: Leaf through all items, sold out or not; with words, those that are like them and proposable. */
  "GET /v1/items": {
    query?: {
      /** Places in the outfit. */
      slot?: Slot[];
      /** Kinds of garment. */
      category?: Category[];
      /** Least asking price. */
      min_price?: number | string | null;
      /** Highest asking price. */
      max_price?: number | string | null;
      /** Of an item's price, such as EUR: where a catalogue is sold in several, amounts are compared as they stand. */
      currency?: string[];
      /** Without regard to case. */
      brand?: string[];
      /** Without regard to case. */
      colour?: string[];
      /** plain, stripe, pinstripe, check, gingham, dots, floral or a shop's own; stripe finds pinstripe too. */
      pattern?: string[];
      /** Such as short or long. */
      sleeve?: string[];
      /** Such as mini or midi. */
      length?: string[];
      /** One of an item's sizes; without regard to case. */
      size?: string[];
      /** Whom items are cut for; those of unisex and unknown audience pass wherever adults do. Without it, all but kids' items answer. */
      audience?: Audience[];
      /** Finer kinds, such as blazer or trainer. */
      fine_kind?: string[];
      /** How dressy. */
      formality?: Formality[];
      /** Worn on which days. */
      warmth?: Warmth[];
      /** Without it, all but what is out of stock. */
      availability?: Availability[];
      /** Words: then the items that are like them, nearest first. */
      text?: string | null;
      /** Items of a page. */
      k?: number;
      /** So many items are passed over: for the next page. */
      offset?: number;
    };
    answer: ItemsAnswer;
  };
  /** Items like an item: Find items like an item, itself left out; of its own slot where no other is asked for. */
  "GET /v1/items/{sku}/similar": {
    path: {
      sku: string;
    };
    query?: {
      /** Places in the outfit. */
      slot?: Slot[];
      /** Kinds of garment. */
      category?: Category[];
      /** Least asking price. */
      min_price?: number | string | null;
      /** Highest asking price. */
      max_price?: number | string | null;
      /** Of an item's price, such as EUR: where a catalogue is sold in several, amounts are compared as they stand. */
      currency?: string[];
      /** Without regard to case. */
      brand?: string[];
      /** Without regard to case. */
      colour?: string[];
      /** plain, stripe, pinstripe, check, gingham, dots, floral or a shop's own; stripe finds pinstripe too. */
      pattern?: string[];
      /** Such as short or long. */
      sleeve?: string[];
      /** Such as mini or midi. */
      length?: string[];
      /** One of an item's sizes; without regard to case. */
      size?: string[];
      /** Whom items are cut for; those of unisex and unknown audience pass wherever adults do. Without it, all but kids' items answer. */
      audience?: Audience[];
      /** Finer kinds, such as blazer or trainer. */
      fine_kind?: string[];
      /** How dressy. */
      formality?: Formality[];
      /** Worn on which days. */
      warmth?: Warmth[];
      /** Without it, all but what is out of stock. */
      availability?: Availability[];
      /** Items to return. */
      k?: number;
      /** So many items are passed over: for the next page. */
      offset?: number;
      /** What is to be otherwise than on the item or the photo's garment: `red`, `striped`. It moves what is searched for and filters nothing. */
      but?: string | null;
      /** Each variant of a product, and each copy of a picture, answers on its own. */
      every_variant?: boolean;
    };
    answer: SimilarAnswer;
  };
  /** What goes with an item: Propose what completes an outfit that begins with an item. */
  "GET /v1/items/{sku}/complete": {
    path: {
      sku: string;
    };
    query?: {
      /** Places in the outfit. */
      slot?: Slot[];
      /** Kinds of garment. */
      category?: Category[];
      /** Least asking price. */
      min_price?: number | string | null;
      /** Highest asking price. */
      max_price?: number | string | null;
      /** Of an item's price, such as EUR: where a catalogue is sold in several, amounts are compared as they stand. */
      currency?: string[];
      /** Without regard to case. */
      brand?: string[];
      /** Without regard to case. */
      colour?: string[];
      /** plain, stripe, pinstripe, check, gingham, dots, floral or a shop's own; stripe finds pinstripe too. */
      pattern?: string[];
      /** Such as short or long. */
      sleeve?: string[];
      /** Such as mini or midi. */
      length?: string[];
      /** One of an item's sizes; without regard to case. */
      size?: string[];
      /** Whom items are cut for; those of unisex and unknown audience pass wherever adults do. Without it, all but kids' items answer. */
      audience?: Audience[];
      /** Finer kinds, such as blazer or trainer. */
      fine_kind?: string[];
      /** How dressy. */
      formality?: Formality[];
      /** Worn on which days. */
      warmth?: Warmth[];
      /** Without it, all but what is out of stock. */
      availability?: Availability[];
      /** Suggestions for each slot. */
      k?: number;
      /** Whole looks. */
      looks?: number;
      /** The most that a look may cost, with what is picked. */
      budget?: number | string | null;
      /** Slots whose garments stay; all else is to be replaced. Without it, all stay. */
      keep?: Slot[];
      /** Items that are chosen already, one of a slot: they stand in every look, and the others are chosen to go with them. */
      picked?: string[];
      /** Items that are not to be proposed. */
      exclude?: string[];
      /** Whose style moves the scores: see `/v1/people`. */
      person?: string | null;
      /** What the outfit is for; read off what is worn where not given. */
      occasion?: Occasion | null;
      /** Of the day, in degrees Celsius; read off what is worn where not given. */
      temperature_c?: number | null;
      /** In place of `temperature_c`. */
      season?: Season | null;
      /** Looks change the outfit in this way. Without it they complete it, or, where it is complete, show every change. */
      change?: Gain | null;
    };
    answer: CompletionAnswer;
  };
  /** An item's picture: Return the picture with an ETag; with the `v` of the item's `image` it may be kept for good. */
  "GET /v1/items/{sku}/image": {
    path: {
      sku: string;
    };
    query?: {
      /** As in the item's `image`. */
      v?: string;
      /** 0, or the place in `more_images`. */
      picture?: number;
    };
    answer: Blob;
  };
  /** An item: Return an item as the catalogue has it now, with an ETag of this answer. */
  "GET /v1/items/{sku}": {
    path: {
      sku: string;
    };
    answer: Item;
  };
  /** Write an item: Write a whole item, new or there already; its picture by upload (`photo`) or address (`image`). */
  "PUT /v1/items/{sku}": {
    path: {
      sku: string;
    };
    query?: {
      /** Only say what would become of it. */
      dry_run?: boolean;
    };
    json?: {
      title?: string | null;
      description?: string | null;
      brand?: string | null;
      price?: string | number | null;
      currency?: string | null;
      sale_price?: string | number | null;
      availability?: string | number | boolean | null;
      audience?: string | null;
      colour?: string | null;
      second_colour?: string | null;
      pattern?: string | null;
      material?: string | null;
      sleeve?: string | null;
      length?: string | null;
      sizes?: string[] | null;
      link?: string | null;
      group?: string | null;
      category?: string | null;
      image?: string | null;
      more_images?: string[] | null;
    };
    form?: {
      /** The photo: JPEG, PNG, WebP, HEIC or AVIF. */
      photo?: Blob;
      title?: string | null;
      description?: string | null;
      brand?: string | null;
      price?: string | number | null;
      currency?: string | null;
      sale_price?: string | number | null;
      availability?: string | number | boolean | null;
      audience?: string | null;
      colour?: string | null;
      second_colour?: string | null;
      pattern?: string | null;
      material?: string | null;
      sleeve?: string | null;
      length?: string | null;
      sizes?: string[] | null;
      link?: string | null;
      group?: string | null;
      category?: string | null;
      image?: string | null;
      more_images?: string[] | null;
    };
    answer: Written;
  };
  /** Change an item: Change price, stock and other fields of an item; nothing is encoded. */
  "PATCH /v1/items/{sku}": {
    path: {
      sku: string;
    };
    query?: {
      /** Only say what would become of it. */
      dry_run?: boolean;
    };
    json: {
      title?: string | null;
      description?: string | null;
      brand?: string | null;
      price?: string | number | null;
      currency?: string | null;
      sale_price?: string | number | null;
      availability?: string | number | boolean | null;
      audience?: string | null;
      colour?: string | null;
      second_colour?: string | null;
      pattern?: string | null;
      material?: string | null;
      sleeve?: string | null;
      length?: string | null;
      sizes?: string[] | null;
      link?: string | null;
      group?: string | null;
    };
    answer: Written;
  };
  /** Take an item out: Take an item out: row, vector, and picture unless another item shows it. */
  "DELETE /v1/items/{sku}": {
    path: {
      sku: string;
    };
    query?: {
      /** Only say what would become of it. */
      dry_run?: boolean;
    };
    answer: RemovedAnswer;
  };
  /** Several questions at once: Answer up to 50 questions, each as `/v1/similar` does; one that fails spoils no other. */
  "POST /v1/lookup": {
    json: {
      queries: ({
        /** Places in the outfit. */
        slot?: Slot[];
        /** Kinds of garment. */
        category?: Category[];
        /** Least asking price. */
        min_price?: number | string | null;
        /** Highest asking price. */
        max_price?: number | string | null;
        /** Of an item's price, such as EUR: where a catalogue is sold in several, amounts are compared as they stand. */
        currency?: string[];
        /** Without regard to case. */
        brand?: string[];
        /** Without regard to case. */
        colour?: string[];
        /** plain, stripe, pinstripe, check, gingham, dots, floral or a shop's own; stripe finds pinstripe too. */
        pattern?: string[];
        /** Such as short or long. */
        sleeve?: string[];
        /** Such as mini or midi. */
        length?: string[];
        /** One of an item's sizes; without regard to case. */
        size?: string[];
        /** Whom items are cut for; those of unisex and unknown audience pass wherever adults do. Without it, all but kids' items answer. */
        audience?: Audience[];
        /** Finer kinds, such as blazer or trainer. */
        fine_kind?: string[];
        /** How dressy. */
        formality?: Formality[];
        /** Worn on which days. */
        warmth?: Warmth[];
        /** Without it, all but what is out of stock. */
        availability?: Availability[];
        /** Items to return. */
        k?: number;
        /** So many items are passed over: for the next page. */
        offset?: number;
        /** What is to be otherwise than on the item or the photo's garment: `red`, `striped`. It moves what is searched for and filters nothing. */
        but?: string | null;
        /** Each variant of a product, and each copy of a picture, answers on its own. */
        every_variant?: boolean;
        /** The sku of an item. */
        item?: string | null;
        /** Words. */
        text?: string | null;
        /** A photo that `/v1/photos` holds, instead of `photo`; garments as corrected. */
        photo_id?: string | null;
        /** Where the photo lies, instead of `photo`; only where the server is set to fetch from there. */
        url?: string | null;
        /** With a photo: the number of the garment, from 0, as `/v1/garments` lists them; the largest one where not given. */
        garment?: number | null;
        /** Passers-by too, not only the garments of the photo's main person. */
        everyone?: boolean;
      })[];
    };
    answer: LookupAnswer;
  };
  /** Share a look: Put a look behind a token; whoever knows it sees the items until it expires. */
  "POST /v1/shares": {
    json: {
      /** The photo that `/v1/photos` holds; needed where anything is `worn`. */
      photo_id?: string | null;
      /** Numbers of the photo's garments that go along as small pictures of their own: send them only if the person agreed. None unless given. */
      worn?: number[];
      skus: string[];
    };
    answer: ShareAnswer;
  };
  /** A shared look: Return the items of a shared look as the catalogue has them now. */
  "GET /v1/shares/{token}": {
    path: {
      token: string;
    };
    answer: SharedLook;
  };
  /** Stop sharing a look: Delete a shared look for good. */
  "DELETE /v1/shares/{token}": {
    path: {
      token: string;
    };
    answer: Unshared;
  };
  /** The looks a person saved: Return a person's saved looks, the newest first, as the catalogue has their items now. */
  "GET /v1/people/{person}/looks": {
    path: {
      person: string;
    };
    answer: SavedLooks;
  };
  /** Save a look: Write down that a person saved a look; each of its items counts as half a like. What its items cost today is kept with it, and what is `worn`, if the person agreed. */
  "POST /v1/people/{person}/looks": {
    path: {
      person: string;
    };
    json: {
      /** The photo that `/v1/photos` holds; needed where anything is `worn`. */
      photo_id?: string | null;
      /** Numbers of the photo's garments that go along as small pictures of their own: send them only if the person agreed. None unless given. */
      worn?: number[];
      skus: string[];
    };
    answer: Told;
  };
  /** Delete a saved look: Delete a look that a person saved; their style follows. */
  "DELETE /v1/people/{person}/looks/{look}": {
    path: {
      person: string;
      look: number;
    };
    answer: Undone;
  };
  /** A look as a file: Return a look as a table, as JSON or as a collage of its pictures. */
  "POST /v1/looks/export": {
    json: {
      /** The photo that `/v1/photos` holds; needed where anything is `worn`. */
      photo_id?: string | null;
      /** Numbers of the photo's garments that go along as small pictures of their own: send them only if the person agreed. None unless given. */
      worn?: number[];
      skus: string[];
      /** A table, one JSON object, or a collage of the pictures, which alone shows what is worn. */
      format: "csv" | "json" | "png";
    };
    answer: string | Record<string, unknown> | Blob;
  };
  /** Like or dislike: Write down that a person likes or dislikes an item; the last word on an item counts. */
  "POST /v1/people/{person}/feedback": {
    path: {
      person: string;
    };
    json: {
      sku: string;
      verdict: "like" | "dislike";
    };
    answer: Told;
  };
  /** Undo: Take back a person's last feedback, be it of an item or of a look. */
  "DELETE /v1/people/{person}/feedback/last": {
    path: {
      person: string;
    };
    answer: Undone;
  };
  /** What is believed of a person: Return all that is kept of a person, and what follows from it; empty for a stranger. */
  "GET /v1/people/{person}": {
    path: {
      person: string;
    };
    answer: PersonAnswer;
  };
  /** Forget a person: Delete all of a person's feedback, for good; with a key to one catalogue, the feedback there. */
  "DELETE /v1/people/{person}": {
    path: {
      person: string;
    };
    answer: Forgotten;
  };
  /** What items can be filtered by: Count the items by each filter's values, and say which filter to drop. */
  "GET /v1/facets": {
    query?: {
      /** Places in the outfit. */
      slot?: Slot[];
      /** Kinds of garment. */
      category?: Category[];
      /** Least asking price. */
      min_price?: number | string | null;
      /** Highest asking price. */
      max_price?: number | string | null;
      /** Of an item's price, such as EUR: where a catalogue is sold in several, amounts are compared as they stand. */
      currency?: string[];
      /** Without regard to case. */
      brand?: string[];
      /** Without regard to case. */
      colour?: string[];
      /** plain, stripe, pinstripe, check, gingham, dots, floral or a shop's own; stripe finds pinstripe too. */
      pattern?: string[];
      /** Such as short or long. */
      sleeve?: string[];
      /** Such as mini or midi. */
      length?: string[];
      /** One of an item's sizes; without regard to case. */
      size?: string[];
      /** Whom items are cut for; those of unisex and unknown audience pass wherever adults do. Without it, all but kids' items answer. */
      audience?: Audience[];
      /** Finer kinds, such as blazer or trainer. */
      fine_kind?: string[];
      /** How dressy. */
      formality?: Formality[];
      /** Worn on which days. */
      warmth?: Warmth[];
      /** Without it, all but what is out of stock. */
      availability?: Availability[];
      /** Count what is proposed: kids' items and what is sold out only where asked for. */
      proposable?: boolean;
    };
    answer: FacetsAnswer;
  };
  /** Sample outfits: List the outfits to try. */
  "GET /v1/samples": {
    answer: SamplesAnswer;
  };
  /** A sample outfit's photo: Return the photo of a sample outfit. */
  "GET /v1/samples/{name}": {
    path: {
      name: string;
    };
    answer: Blob;
  };
  /** Whether the process lives: Answer. */
  "GET /healthz": {
    answer: Health;
  };
  /** Whether photos can be answered: Say for each part whether it is ready, and how to mend it where it is not. */
  "GET /readyz": {
    answer: Readiness;
  };
  /** The latest imports: List the latest imports, the newest first. */
  "GET /v1/imports": {
    answer: ImportsAnswer;
  };
  /** Import a feed: Take a feed and import it when its turn comes; the answer names the job. */
  "POST /v1/imports": {
    form: {
      /** A feed of any format that is known, or a zip of one with its pictures. */
      feed: Blob;
      /** Told by content without it. */
      format?: "folder" | "jsonl" | "json" | "parquet" | "xlsx" | "google" | "meta" | "xml" | "shopify" | "wix" | "woocommerce" | "magento" | "bigcommerce" | "prestashop" | "squarespace" | "csv" | null;
      /** For prices that come without one. */
      currency?: string;
      /** `column=field`, where the feed calls it otherwise. */
      map?: string[];
      /** Take out what the feed lacks. */
      remove_missing?: boolean;
      /** Only say what would happen. */
      dry_run?: boolean;
      /** A larger share of bad rows refuses the feed. */
      max_reject_share?: number;
      /** What a shop's pictures show, and so whether garments must be found in them. */
      pictures?: "auto" | "cut-out" | "garments";
      /** Store pictures, encode nothing yet. */
      later?: boolean;
      /** More than half of what is there may be taken away. */
      confirmed?: boolean;
      /** Hosts that pictures may be fetched from beside those that are set, parted by commas: `cdn.shop.example`, `s3://pictures`. */
      fetch?: string;
    };
    answer: ImportJob;
  };
  /** An import: Tell how far an import is, or what it did. */
  "GET /v1/imports/{job}": {
    path: {
      job: string;
    };
    answer: ImportJob;
  };
  /** Stop an import: Have an import end at its next step; what it stored so far stays. */
  "DELETE /v1/imports/{job}": {
    path: {
      job: string;
    };
    answer: ImportJob;
  };
  /** What an import left out: Return a page of the rows that were left out, with the reasons; or all of them as CSV. */
  "GET /v1/imports/{job}/rejects": {
    path: {
      job: string;
    };
    query?: {
      /** Rejects of a page. */
      k?: number;
      /** So many are passed over. */
      offset?: number;
      /** `csv` is all of them. */
      format?: "json" | "csv";
    };
    answer: RejectsAnswer | string;
  };
  /** Many items at once: Write items a line each: `delete` takes one out, `image` writes a whole one, others change fields. */
  "POST /v1/items/bulk": {
    query?: {
      /** Only say what would become of it. */
      dry_run?: boolean;
    };
    headers?: {
      /** The same twice is done once. */
      "Idempotency-Key"?: string;
    };
    text: string;
    answer: BulkAnswer;
  };
  /** How the catalogue and its index are: Say what is served, what is kept, and what to do where something is amiss. */
  "GET /v1/index": {
    answer: IndexAnswer;
  };
  /** Back to the index before: Serve the newest earlier index that is whole. */
  "POST /v1/index/rollback": {
    query?: {
      /** It may have less than half of the vectors served now. */
      confirmed?: boolean;
    };
    answer: IndexAnswer;
  };
  /** What outfits lack in the catalogue: List slots with too few items by audience, formality, days and price. */
  "GET /v1/gaps": {
    query?: {
      /** Fewer items are a gap. */
      least?: number;
      /** `csv` for a spreadsheet. */
      format?: "json" | "csv";
    };
    answer: GapsAnswer | string;
  };
  /** The stylist's table in use: Return the conventions that looks are held to: the shipped ones, and the shop's own over them. */
  "GET /v1/stylist": {
    answer: StylistAnswer;
  };
  /** The models in use: Return the shipped models' cards in the order that a photo meets them. */
  "GET /v1/models": {
    answer: ModelsAnswer;
  };
  /** Tell clicks, carts and purchases: Write down what buyers did with items; those that the catalogue does not have are left out. */
  "POST /v1/events": {
    headers?: {
      /** The same twice is done once. */
      "Idempotency-Key"?: string;
    };
    json: {
      events: {
        /** What a buyer did with an item. */
        kind: EventKind;
        sku: string;
        /** The `X-Request-ID` of the answer that showed the item. */
        answer?: string;
        /** Who, by an id as in `/v1/people/{person}`; best left out. */
        person?: string;
      }[];
    };
    answer: Taken;
  };
  /** Clicks, carts and purchases: Return events in order, a page at a time. */
  "GET /v1/events": {
    query?: {
      /** Begin behind this number. */
      after?: number;
      /** How many. */
      limit?: number;
    };
    answer: EventsAnswer;
  };
  /** The elements for a shop's own pages: Return the script with an ETag; with that as `v` it may be kept for good. */
  "GET /v1/embed.js": {
    query?: {
      /** The `ETag`'s text. */
      v?: string;
    };
    answer: string;
  };
}
