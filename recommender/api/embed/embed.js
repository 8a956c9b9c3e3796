// <complete-the-look sku="…"> and <shop-this-look …> for a shop's own pages.
// One classic script, no framework, no inline style or script: it works under a strict
// Content-Security-Policy. Texts reach the page as text nodes only.
(() => {
  'use strict';

  // The server that this script came from answers, unless an element names another in `api`.
  const [, HOME = '', CATALOG = ''] =
    /^(.*)\/v1\/(?:catalogs\/([^/]+)\/)?embed\.js(?:[?#].*)?$/.exec(document.currentScript?.src ?? '') ?? [];
  const PATIENCE_MS = 15000;
  const LONGEST_WAIT_S = 5;
  const MOST_ITEMS = 20;

  // ---------------------------------------------------------------- words

  const WORDS = {
    en: {
      complete: 'Complete the look',
      shop: 'Shop this look',
      looks: 'Looks',
      look: (number) => `Look ${number}`,
      total: 'Total',
      before: 'Before',
      now: 'now',
      add: (title) => `Add ${title} to the basket`,
      addShort: 'Add',
      addAll: 'Add all to the basket',
      soldOut: 'Sold out',
      missing: (count) => (count === 1 ? 'One piece is no longer sold.' : `${count} pieces are no longer sold.`),
      wait: 'Looking for what goes with it …',
      empty: { complete: 'Nothing that goes with it was found.', shop: 'This look is no longer there.' },
      error: 'Suggestions cannot be shown right now.',
    },
    de: {
      complete: 'Look vervollständigen',
      shop: 'Diesen Look kaufen',
      looks: 'Looks',
      look: (number) => `Look ${number}`,
      total: 'Zusammen',
      before: 'Vorher',
      now: 'jetzt',
      add: (title) => `${title} in den Warenkorb legen`,
      addShort: 'In den Warenkorb',
      addAll: 'Alles in den Warenkorb legen',
      soldOut: 'Ausverkauft',
      missing: (count) =>
        count === 1 ? 'Ein Teil wird nicht mehr verkauft.' : `${count} Teile werden nicht mehr verkauft.`,
      wait: 'Passendes wird gesucht …',
      empty: { complete: 'Es wurde nichts Passendes gefunden.', shop: 'Diesen Look gibt es nicht mehr.' },
      error: 'Vorschläge können gerade nicht gezeigt werden.',
    },
  };

  // ---------------------------------------------------------------- looks of it

  // Colours follow the page's own text, in light and dark alike; a shop overrides them by variables.
  const SHEET = new CSSStyleSheet();
  SHEET.replaceSync(`
    :host { display: block; color: var(--look-text, inherit); font: var(--look-font, inherit);
      --_quiet: var(--look-muted, color-mix(in srgb, currentColor 75%, transparent));
      --_line: var(--look-line, color-mix(in srgb, currentColor 22%, transparent));
      --_radius: var(--look-radius, 8px); --_gap: var(--look-gap, 16px); }
    :host([hidden]) { display: none; }
    * { box-sizing: border-box; }
    section { background: var(--look-surface, transparent); }
    h2, h3, h4, h5, h6 { margin: 0 0 var(--_gap); font: var(--look-heading-font, inherit);
      font-size: var(--look-heading-size, 1.25em); font-weight: var(--look-heading-weight, 600); }
    p { margin: 0; }
    ul { list-style: none; margin: 0; padding: 0; display: grid; gap: var(--_gap); }
    .cards { grid-template-columns: repeat(auto-fill, minmax(min(var(--look-card-width, 150px), 100%), 1fr)); }
    .rows li { display: flex; gap: 12px; align-items: center; }
    .rows li > :first-child { flex: 1; min-width: 0; display: grid; grid-template-columns: 72px 1fr; gap: 12px; align-items: center; }
    li { min-width: 0; }
    .cards li { display: flex; flex-direction: column; align-items: flex-start; gap: 8px; }
    .cards li > :first-child { align-self: stretch; }
    a { color: inherit; text-decoration: none; display: block; border-radius: var(--_radius); }
    a:hover .title { text-decoration: underline; }
    .picture { display: block; width: 100%; aspect-ratio: 3 / 4; object-fit: contain;
      background: var(--look-picture, #fff); border: 1px solid var(--_line); border-radius: var(--_radius); }
    .title { display: block; margin-top: 8px; overflow-wrap: anywhere; }
    .rows .title { margin: 0; }
    .price, .brand, .why, .sold, .note { font-size: .9em; }
    .brand, .why, .sold, .note, s { color: var(--_quiet); }
    .price { display: block; }
    .total { margin-top: var(--_gap); font-weight: 600; }
    s { margin-inline-end: .4em; }
    .choice { display: flex; flex-wrap: wrap; gap: 8px; margin-bottom: var(--_gap); }
    button { font: inherit; color: inherit; background: transparent; cursor: pointer; min-height: 44px; min-width: 44px;
      padding: 6px 14px; border: 1px solid var(--look-accent, currentColor); border-radius: var(--_radius); }
    button:hover { background: color-mix(in srgb, currentColor 10%, transparent); }
    button[aria-pressed=true] { font-weight: 700; box-shadow: inset 0 -3px 0 var(--look-accent, currentColor); }
    .all { margin-top: var(--_gap); background: var(--look-accent, transparent);
      color: var(--look-accent-text, inherit); }
    .cards li > button { margin-top: auto; }
    a:focus-visible, button:focus-visible { outline: 3px solid var(--look-focus, currentColor); outline-offset: 2px; }
    .blank { aspect-ratio: 3 / 5; border-radius: var(--_radius); background: color-mix(in srgb, currentColor 8%, transparent); }
    .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    @media (prefers-reduced-motion: no-preference) {
      .blank { animation: breathe 1.6s ease-in-out infinite alternate; }
      ul { animation: appear .25s ease-out; }
      @keyframes breathe { to { opacity: .45; } }
      @keyframes appear { from { opacity: 0; } }
    }
  `);

  function make(tag, { text, kids = [], ...rest } = {}) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(rest))
      if (value !== undefined && value !== null && value !== false) node.setAttribute(name, value === true ? '' : value);
    if (text !== undefined) node.textContent = text;
    node.append(...kids.filter(Boolean));
    return node;
  }

  // ---------------------------------------------------------------- asking the API

  class Problem extends Error {
    constructor(status, told) {
      super([told.what ?? told.detail ?? `the API answered ${status}`, told.next_step].filter(Boolean).join('. '));
      this.status = status;
    }
  }

  async function ask(url, headers, signal, again = true) {
    const answer = await fetch(url, { headers, signal, credentials: 'omit' });
    if (answer.ok) return answer;
    const wait = Number(answer.headers.get('Retry-After') ?? NaN);
    if (again && [429, 503].includes(answer.status) && wait <= LONGEST_WAIT_S) {
      await new Promise((done) => setTimeout(done, wait * 1000));
      return ask(url, headers, signal, false);
    }
    throw new Problem(answer.status, await answer.json().catch(() => ({})));
  }

  // ---------------------------------------------------------------- what both elements share

  class Look extends HTMLElement {
    static observedAttributes = [
      'sku', 'skus', 'share', 'api', 'catalog', 'key', 'lang', 'currency', 'looks', 'slots', 'budget', 'max-price', 'min-price',
      'brand', 'audience', 'occasion', 'season', 'exclude', 'link', 'basket', 'heading', 'level',
    ]; // prettier-ignore

    #root = this.attachShadow({ mode: 'open' });
    #asked = null; // of the answer that is waited for
    #seen = null; // tells when the element comes near the screen
    #due = false;
    #shown = ''; // id of the answer that is shown, by which a shop tells what buyers did

    connectedCallback() {
      this.#root.adoptedStyleSheets = [SHEET];
      if (this.getAttribute('loading') === 'eager' || !('IntersectionObserver' in window)) return this.#later();
      this.#seen = new IntersectionObserver((entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        this.#seen?.disconnect();
        this.#seen = null;
        this.#later();
      }, { rootMargin: '400px' });
      this.#seen.observe(this);
      this.#show('waiting', []);
    }

    disconnectedCallback() {
      this.#seen?.disconnect();
      this.#seen = null;
      this.#asked?.abort();
      this.#asked = null;
    }

    attributeChangedCallback(name, before, after) {
      if (before !== after && this.isConnected && this.#seen === null) this.#later();
    }

    /** Ask again, as after a change of the catalogue. */
    refresh() {
      if (this.isConnected) this.#later();
    }

    #later() {
      if (this.#due) return;
      this.#due = true;
      queueMicrotask(() => {
        this.#due = false;
        if (this.isConnected) this.#load();
      });
    }

    async #load() {
      this.#asked?.abort();
      const asked = (this.#asked = new AbortController());
      const patience = setTimeout(() => asked.abort(new Error('the API did not answer in time')), PATIENCE_MS);
      this.#show('waiting', [this.heading(), this.#said('wait', 'unseen'), this.#blanks()]);
      try {
        const parts = await this.content(asked.signal);
        if (this.#asked !== asked) return;
        if (parts) this.#show('ready', parts);
        else this.#quiet('empty');
      } catch (error) {
        if (this.#asked !== asked) return; // another question took its place, or the element is gone
        console.warn(`<${this.localName}>: ${error.message}`);
        this.#quiet(error.status === 404 ? 'empty' : 'error'); // not every product of a shop is in its feed
        this.tell('look-error', { status: error.status ?? 0, message: error.message });
      } finally {
        clearTimeout(patience);
      }
    }

    #blanks() {
      const kids = [1, 2, 3].map(() => make('li', { class: 'blank' }));
      return make('ul', { role: 'list', class: 'cards', 'aria-hidden': 'true', kids });
    }

    #said(word, look) {
      return make('p', { class: look, role: 'status', lang: this.spoken, text: this.words[word][this.title_] ?? this.words[word] });
    }

    /** Show what the page put between the tags instead; without that, one quiet sentence. */
    #quiet(state) {
      const own = this.children.length || this.textContent.trim();
      this.#show(state, [own ? make('slot') : this.#said(state, 'note')]);
    }

    #show(state, parts) {
      const section = make('section', { part: 'section', 'aria-busy': String(state === 'waiting'), 'aria-labelledby': 'heading' });
      if (!parts.some((part) => part?.id === 'heading')) section.removeAttribute('aria-labelledby');
      section.append(...parts.filter(Boolean));
      this.#root.replaceChildren(section);
      this.setAttribute('state', state);
      this.tell('look-state', { state });
    }

    // ------------------------------------------------------------ for both

    get api() {
      return (this.getAttribute('api') ?? HOME).replace(/\/+$/, '');
    }

    /** The page's language, as a tag that formats may use. */
    get locale() {
      let node = this;
      while (node && !node.getAttribute?.('lang')) node = node.parentElement ?? node.getRootNode().host;
      try {
        return Intl.getCanonicalLocales(node?.getAttribute('lang') || navigator.language)[0] ?? 'en';
      } catch {
        return 'en';
      }
    }

    get spoken() {
      const language = this.locale.split('-')[0];
      return language in WORDS ? language : 'en';
    }

    get words() {
      return WORDS[this.spoken];
    }

    heading() {
      const level = Math.min(6, Math.max(2, Number(this.getAttribute('level')) || 2));
      const own = this.getAttribute('heading');
      const text = own || this.words[this.title_];
      return make(`h${level}`, { id: 'heading', part: 'heading', text, lang: own ? null : this.spoken });
    }

    tell(name, detail, cancelable = false) {
      return this.dispatchEvent(new CustomEvent(name, { detail, cancelable, bubbles: true, composed: true }));
    }

    async fetched(path, signal) {
      if (!this.api) throw new Error('the attribute api must name the server where this script is not loaded from it');
      const catalog = this.getAttribute('catalog') ?? CATALOG;
      const place = catalog ? `/v1/catalogs/${encodeURIComponent(catalog)}` : '/v1';
      return ask(`${this.api}${place}${path}`, this.headers(), signal);
    }

    headers() {
      const key = this.getAttribute('key');
      return { Accept: 'application/json', 'Accept-Language': this.locale, ...(key ? { 'X-API-Key': key } : {}) };
    }

    async item(sku, signal) {
      return (await this.fetched(`/items/${encodeURIComponent(sku)}`, signal)).json();
    }

    async completed(sku, looks, signal) {
      const asked = new URLSearchParams({ looks, k: '1' });
      for (const [name, parameter] of Object.entries({
        currency: 'currency', slots: 'slot', budget: 'budget', 'max-price': 'max_price', 'min-price': 'min_price',
        brand: 'brand', audience: 'audience', occasion: 'occasion', season: 'season', exclude: 'exclude',
      }))
        for (const value of this.list(name)) asked.append(parameter, value);
      const answer = await this.fetched(`/items/${encodeURIComponent(sku)}/complete?${asked}`, signal);
      this.#shown = answer.headers.get('X-Request-ID') ?? '';
      return answer.json();
    }

    /** The values of an attribute; commas part them. */
    list(name) {
      return (this.getAttribute(name) ?? '').split(',').map((each) => each.trim()).filter(Boolean);
    }

    money(amount, currency) {
      try {
        return new Intl.NumberFormat(this.locale, { style: 'currency', currency }).format(amount);
      } catch {
        return `${amount} ${currency}`;
      }
    }

    price(item) {
      const [full, now] = [item.price, item.sale_price ?? item.price];
      if (now === null) return null;
      const kids = [];
      if (full !== null && Number(now) < Number(full)) {
        kids.push(this.#aside(this.words.before), make('s', { text: this.money(full, item.currency) }), this.#aside(this.words.now));
      }
      kids.push(document.createTextNode(this.money(now, item.currency)));
      return make('span', { class: 'price', part: 'price', kids });
    }

    #aside(text) {
      return make('span', { class: 'unseen', lang: this.spoken, text: `${text} ` });
    }

    /** What items cost together, by currency; what is sold out does not count. */
    total(items) {
      const sums = new Map();
      for (const { price, sale_price: sale, currency } of items.filter(buyable)) {
        const paid = sale ?? price;
        if (paid !== null) sums.set(currency, (sums.get(currency) ?? 0) + Math.round(Number(paid) * 1e4));
      }
      if (!sums.size) return null;
      const told = [...sums].map(([currency, sum]) => this.money(sum / 1e4, currency)).join(' + ');
      const kids = [make('span', { lang: this.spoken, text: this.words.total }), ` ${told}`];
      return make('p', { class: 'total', part: 'total', kids });
    }

    /** The page of an item in the shop: `link` of the element with the sku filled in, or the item's own. */
    address(item) {
      const own = this.getAttribute('link');
      const told = own ? own.replaceAll('{sku}', encodeURIComponent(item.sku)) : item.link;
      if (!told) return null;
      try {
        const url = new URL(told, document.baseURI);
        return ['http:', 'https:'].includes(url.protocol) ? url.href : null;
      } catch {
        return null;
      }
    }

    picture(item) {
      if (!this.getAttribute('key'))
        return make('img', { class: 'picture', part: 'picture', src: this.api + item.image, alt: '', loading: 'lazy' });
      // an <img> presents no key; a canvas needs no address that a strict policy would have to allow
      const canvas = make('canvas', { class: 'picture', part: 'picture', width: 300, height: 400, 'aria-hidden': 'true' });
      this.#paint(canvas, item).catch((error) => console.warn(`<${this.localName}>: no picture of ${item.sku}: ${error.message}`));
      return canvas;
    }

    async #paint(canvas, item) {
      const answer = await ask(this.api + item.image, this.headers(), this.#asked?.signal);
      const bitmap = await createImageBitmap(await answer.blob());
      [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
      canvas.getContext('2d').drawImage(bitmap, 0, 0);
    }

    /** An item as a card or a row, with its reason where there is one. */
    piece(item, { slot = '', why = '' } = {}) {
      const href = this.address(item);
      const kids = [
        this.picture(item),
        make('span', {
          kids: [
            make('span', { class: 'title', part: 'title', text: item.title }),
            item.brand ? make('span', { class: 'brand', part: 'brand', text: item.brand }) : null,
            this.price(item),
            buyable(item) ? null : make('span', { class: 'sold', lang: this.spoken, text: this.words.soldOut }),
          ],
        }),
      ];
      const body = href ? make('a', { href, part: 'item', kids }) : make('div', { class: 'still', part: 'item', kids });
      if (href)
        body.addEventListener('click', (event) => {
          if (!this.tell('look-select', { sku: item.sku, item, href, answer: this.#shown }, true)) event.preventDefault();
        });
      const reason = why ? make('p', { class: 'why', part: 'why', lang: this.spoken, text: why }) : null;
      return make('li', { part: slot ? `piece ${slot}` : 'piece', kids: [body, reason, this.#adder(item)] });
    }

    #adder(item) {
      if (!this.hasAttribute('basket') || !buyable(item)) return null;
      const { add, addShort } = this.words;
      const button = make('button', {
        type: 'button', part: 'add', lang: this.spoken, text: addShort, 'aria-label': add(item.title),
      });
      button.addEventListener('click', () => this.#put([item]));
      return button;
    }

    #put(items) {
      this.tell('look-basket', { skus: items.map((each) => each.sku), items, answer: this.#shown });
    }

    addAll(items) {
      const sold = items.filter(buyable);
      if (!this.hasAttribute('basket') || sold.length < 2) return null;
      const button = make('button', { type: 'button', class: 'all', part: 'add-all', lang: this.spoken, text: this.words.addAll });
      button.addEventListener('click', () => this.#put(sold));
      return button;
    }
  }

  function buyable(item) {
    return item.availability !== 'out_of_stock';
  }

  function picksOf(look) {
    return Object.entries(look.picks).map(([slot, { item, why }]) => ({ item, slot, why: why[0]?.text ?? '' }));
  }

  // ---------------------------------------------------------------- <complete-the-look sku>

  class CompleteTheLook extends Look {
    title_ = 'complete';

    async content(signal) {
      const sku = this.getAttribute('sku');
      if (!sku) throw new Error('the attribute sku must name an item');
      const wanted = Math.min(10, Math.max(1, Number(this.getAttribute('looks')) || 3));
      const answer = await this.completed(sku, wanted, signal);
      const looks = answer.looks.map(picksOf).filter((picks) => picks.length);
      if (!looks.length) return null;
      const shown = make('div', { part: 'look', id: 'look' });
      this.#open(shown, looks[0]);
      return [this.heading(), looks.length > 1 ? this.#choice(looks, shown) : null, shown];
    }

    #choice(looks, shown) {
      const buttons = looks.map((picks, at) => {
        const button = make('button', {
          type: 'button', part: 'choose', lang: this.spoken, 'aria-pressed': String(at === 0), 'aria-controls': 'look',
          text: this.words.look(at + 1),
        });
        button.addEventListener('click', () => {
          for (const each of buttons) each.setAttribute('aria-pressed', String(each === button));
          this.#open(shown, picks);
          this.tell('look-change', { number: at + 1, skus: picks.map(({ item }) => item.sku) });
        });
        return button;
      });
      return make('div', { class: 'choice', part: 'choice', role: 'group', 'aria-label': this.words.looks, kids: buttons });
    }

    #open(shown, picks) {
      const items = picks.map(({ item }) => item);
      const kids = picks.map(({ item, ...told }) => this.piece(item, told));
      const parts = [make('ul', { role: 'list', class: 'cards', part: 'pieces', kids }), this.total(items), this.addAll(items)];
      shown.replaceChildren(...parts.filter(Boolean));
    }
  }

  // ---------------------------------------------------------------- <shop-this-look sku | skus | share>

  class ShopThisLook extends Look {
    title_ = 'shop';

    async content(signal) {
      const { items, missing } = await this.#pieces(signal);
      if (!items.length) return null;
      const kids = items.map((item) => this.piece(item));
      const list = make('ul', { role: 'list', class: 'rows', part: 'pieces', kids });
      const note = missing
        ? make('p', { class: 'note', part: 'note', lang: this.spoken, text: this.words.missing(missing) })
        : null;
      return [this.heading(), list, note, this.total(items), this.addAll(items)];
    }

    async #pieces(signal) {
      const share = this.getAttribute('share');
      if (share) {
        const look = await (await this.fetched(`/shares/${encodeURIComponent(share)}`, signal)).json();
        return { items: look.items, missing: look.missing.length };
      }
      const skus = this.list('skus').slice(0, MOST_ITEMS);
      if (skus.length) return this.#each(skus, signal);
      const sku = this.getAttribute('sku');
      if (!sku) throw new Error('one of the attributes skus, share and sku must say which look');
      const [own, answer] = await Promise.all([this.item(sku, signal), this.completed(sku, 1, signal)]);
      const picks = picksOf(answer.looks[0]).map(({ item }) => item);
      return { items: picks.length ? [own, ...picks] : [], missing: 0 };
    }

    async #each(skus, signal) {
      const gone = (error) => {
        if (error.status !== 404) throw error;
        return null;
      };
      const found = await Promise.all(skus.map((sku) => this.item(sku, signal).catch(gone)));
      const items = found.filter(Boolean);
      return { items, missing: found.length - items.length };
    }
  }

  for (const [name, element] of [['complete-the-look', CompleteTheLook], ['shop-this-look', ShopThisLook]])
    if (!customElements.get(name)) customElements.define(name, element);
})();
