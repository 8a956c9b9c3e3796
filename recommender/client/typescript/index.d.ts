import type { Operations, Problem } from './schema.js';

export type * from './schema.js';

/** Method and path of what can be asked, such as `GET /v1/items/{sku}`. */
export type Operation = keyof Operations;

/** What an operation is asked with; of `json`, `form` and `text` one at most. */
export type Asked<K extends Operation> = Omit<Operations[K], 'answer'> & {
  headers?: Record<string, string>;
  signal?: AbortSignal;
};

/** What an operation answers. */
export type Answer<K extends Operation> = Operations[K]['answer'];

export interface ClientOptions {
  /** Where the API is; http://127.0.0.1:8000 without it. */
  url?: string;
  /** The API key, where one is required. */
  key?: string;
  /** The language of reasons and notes, such as `de`; a browser's or English without it. */
  language?: string;
  /** Which of several catalogues; the server's own without it. */
  catalog?: string;
  /** What requests are sent with; the runtime's own without it. */
  fetch?: typeof globalThis.fetch;
}

export declare class Client {
  constructor(options?: ClientOptions);

  /**
   * Ask an operation, named by method and path.
   *
   * @throws ApiProblem where the API refuses.
   */
  call<K extends Operation>(
    operation: K,
    ...asked: Record<never, never> extends Asked<K> ? [asked?: Asked<K>] : [asked: Asked<K>]
  ): Promise<Answer<K>>;

  /** The whole address of a picture that an answer names, such as `item.image`. */
  address(image: string): string;
}

/** The API refused. */
export declare class ApiProblem extends Error {
  constructor(problem: Problem, retryAfterS?: number);
  /** What was wrong, and what to do next. */
  readonly problem: Problem;
  /** When to ask again, in seconds, where the API is busy. */
  readonly retryAfterS: number | undefined;
}
