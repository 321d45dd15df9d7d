import { parseDurationNs, parseSize } from './uri-suffixes.ts'

/** Longest channel, in characters. Protocol: Aeron's `ChannelUri`. */
export const MAX_CHANNEL_LENGTH = 4095

const PREFIX = 'aeron:'
const SPY_PREFIX = 'aeron-spy:'

/** What carries a channel. */
export type ChannelMedia = 'ipc' | 'udp'

function invalid(text: string, reason: string): SyntaxError {
  return new SyntaxError(`Cannot parse the channel "${text}": ${reason}`)
}

function parseMedia(text: string, media: string): ChannelMedia {
  if (media !== 'ipc' && media !== 'udp') {
    throw invalid(text, `its media must be "ipc" or "udp", current value is "${media}"`)
  }
  return media
}

function parseParams(text: string, query: string): Map<string, string> {
  const params = new Map<string, string>()
  for (const param of query.split('|')) {
    const equals = param.indexOf('=')
    if (equals <= 0) {
      throw invalid(text, `each parameter must be key=value with a key, current value is "${param}"`)
    }
    params.set(param.slice(0, equals), param.slice(equals + 1))
  }
  return params
}

/**
 * @throws RangeError when a channel is longer than the protocol allows, or holds what is not ASCII
 */
export function checkChannel(channel: string): void {
  // From JavaScript, or a variable of the environment that is not set.
  if (typeof channel !== 'string') {
    throw new TypeError(`Cannot use the channel: it must be a string, current value is ${String(channel)}`)
  }
  if (channel.length > MAX_CHANNEL_LENGTH) {
    throw new RangeError(
      `Cannot use the channel: its length must be at most ${MAX_CHANNEL_LENGTH}, current value is ${channel.length}`,
    )
  }
  const stranger = /[^ -~]/u.exec(channel)?.[0]
  if (stranger !== undefined) {
    throw new RangeError(
      `Cannot use the channel "${channel}": it must be printable ASCII, it holds U+${stranger.codePointAt(0)!.toString(16)}`,
    )
  }
}

/**
 * A channel, taken apart: Aeron's `ChannelUri`.
 * ```
 * [aeron-spy:]aeron:(ipc|udp)[?key=value[|key=value ...]]
 * ```
 * There is no escaping; a value may hold `=`, `:` and `?`, and may be empty. Unknown keys are kept.
 */
export class ChannelUri {
  /** Whether the channel spies on an outgoing one: the `aeron-spy:` prefix. */
  isSpy: boolean
  media: ChannelMedia
  readonly #params: Map<string, string>

  private constructor(isSpy: boolean, media: ChannelMedia, params: Map<string, string>) {
    this.isSpy = isSpy
    this.media = media
    this.#params = params
  }

  /**
   * Takes a channel apart.
   *
   * @throws SyntaxError when it breaks the grammar
   * @throws RangeError when it is too long, or not ASCII
   */
  static parse(text: string): ChannelUri {
    checkChannel(text)
    const isSpy = text.startsWith(SPY_PREFIX)
    const body = isSpy ? text.slice(SPY_PREFIX.length) : text
    if (!body.startsWith(PREFIX)) throw invalid(text, `it must start with "${PREFIX}"`)
    const question = body.indexOf('?')
    if (question === -1) {
      return new ChannelUri(isSpy, parseMedia(text, body.slice(PREFIX.length)), new Map())
    }
    const media = parseMedia(text, body.slice(PREFIX.length, question))
    return new ChannelUri(isSpy, media, parseParams(text, body.slice(question + 1)))
  }

  get(key: string): string | undefined {
    return this.#params.get(key)
  }

  has(key: string): boolean {
    return this.#params.has(key)
  }

  /**
   * Sets a parameter.
   *
   * @throws RangeError when the key is empty, or one of the two would not come back from {@link parse}
   */
  put(key: string, value: string): this {
    if (key === '' || /[=|]/.test(key) || value.includes('|')) {
      throw new RangeError(
        `Cannot put a channel parameter: the key must not be empty nor hold "=" or "|", the value not hold "|", current values are "${key}" and "${value}"`,
      )
    }
    this.#params.set(key, value)
    return this
  }

  /** Removes a parameter and tells whether it was there. */
  remove(key: string): boolean {
    return this.#params.delete(key)
  }

  /** The parameter as a number of bytes, suffix resolved; `undefined` when it is not there. @throws SyntaxError when it is no size */
  getSize(key: string): number | undefined {
    const value = this.#params.get(key)
    return value === undefined ? undefined : parseSize(value)
  }

  /** The parameter as nanoseconds, suffix resolved; `undefined` when it is not there. @throws SyntaxError when it is no duration */
  getDurationNs(key: string): bigint | undefined {
    const value = this.#params.get(key)
    return value === undefined ? undefined : parseDurationNs(value)
  }

  /** Tag of the channel: the first of `tags`. */
  get channelTag(): string | undefined {
    return this.#params.get('tags')?.split(',')[0]
  }

  /** Tag of the publication: the second of `tags`. */
  get entityTag(): string | undefined {
    return this.#params.get('tags')?.split(',')[1]
  }

  /** A channel of its own with the same parameters. */
  clone(): ChannelUri {
    return new ChannelUri(this.isSpy, this.media, new Map(this.#params))
  }

  /** Whether the other means the same: the order of the parameters does not matter. */
  equals(other: ChannelUri): boolean {
    if (this.isSpy !== other.isSpy || this.media !== other.media) return false
    if (this.#params.size !== other.#params.size) return false
    return [...this.#params].every(([key, value]) => other.#params.get(key) === value)
  }

  /** The parameters, in their order. */
  entries(): IterableIterator<[string, string]> {
    return this.#params.entries()
  }

  /** The channel as text, its parameters in the order they were put. */
  toString(): string {
    const params = [...this.#params].map(([key, value]) => `${key}=${value}`)
    const query = params.length > 0 ? `?${params.join('|')}` : ''
    return `${this.isSpy ? SPY_PREFIX : ''}${PREFIX}${this.media}${query}`
  }
}
