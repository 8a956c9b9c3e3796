// A client of Complete the Look's API for browsers and Node, by the runtime's own fetch.

/** The API refused. `problem` says what, and what to do next. */
export class ApiProblem extends Error {
  constructor(problem, retryAfterS) {
    super(problem.detail);
    this.name = 'ApiProblem';
    this.problem = problem;
    this.retryAfterS = retryAfterS;
  }
}

export class Client {
  #url;
  #base;
  #headers;
  #fetch;

  constructor({ url = 'http://127.0.0.1:8000', key = '', language = '', catalog = '', fetch = globalThis.fetch } = {}) {
    this.#url = url.replace(/\/+$/, '');
    this.#base = catalog ? `/v1/catalogs/${encodeURIComponent(catalog)}/` : '/v1/';
    this.#headers = { ...(key && { 'X-API-Key': key }), ...(language && { 'Accept-Language': language }) };
    this.#fetch = fetch;
  }

  /** Ask an operation, named by method and path: `GET /v1/items/{sku}`. */
  async call(operation, { path = {}, query = {}, json, form, text, headers = {}, signal } = {}) {
    const [method, template] = operation.split(' ');
    const place = template.replace(/^\/v1\//, this.#base).replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(path[name]));
    const asked = new URLSearchParams(pairs(query)).toString();
    const sent = { ...this.#headers, ...headers };
    let body;
    if (json !== undefined) [body, sent['Content-Type']] = [JSON.stringify(json), 'application/json'];
    else if (text !== undefined) [body, sent['Content-Type']] = [text, 'text/plain'];
    else if (form !== undefined) body = filled(form);
    const ask = this.#fetch;
    const answer = await ask(`${this.#url}${place}${asked && `?${asked}`}`, { method, headers: sent, body, signal });
    if (!answer.ok) throw await problemOf(answer);
    return read(answer);
  }

  /** The whole address of a picture that an answer names, such as `item.image`. */
  address(image) {
    return this.#url + image;
  }
}

function pairs(fields) {
  return Object.entries(fields).flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [value].flat().map((each) => [name, String(each)]),
  );
}

function filled(fields) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields))
    for (const each of [value ?? []].flat()) {
      if (each instanceof Blob) form.append(name, each, each.name ?? name);
      else form.append(name, String(each));
    }
  return form;
}

function read(answer) {
  const kind = answer.headers.get('Content-Type') ?? '';
  if (kind.startsWith('application/json')) return answer.json();
  return kind.startsWith('text/') ? answer.text() : answer.blob();
}

async function problemOf(answer) {
  const wait = Number.parseInt(answer.headers.get('Retry-After') ?? '', 10);
  const kind = answer.headers.get('Content-Type') ?? '';
  const problem = kind.startsWith('application/problem+json')
    ? await answer.json()
    : { type: 'about:blank', title: answer.statusText, status: answer.status, detail: `the answer was ${answer.status}` };
  return new ApiProblem(problem, Number.isNaN(wait) ? undefined : wait);
}
