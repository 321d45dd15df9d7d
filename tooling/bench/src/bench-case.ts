/** Who is measured. Ours is what this repository makes; the others do the same job with the same parameters. */
export type Language = 'ours' | 'java' | 'go'

/** In the order in which they take turns and stand in the table. */
export const LANGUAGES: readonly Language[] = ['ours', 'java', 'go']

/** One number that every contender of a variant measures: a row of the table. */
export interface Metric {
  /** Its name in {@link Sample.values}. */
  readonly key: string
  readonly title: string
  /** Of the value that is printed, which is the measured one times `scale`. */
  readonly unit: string
  /** @default 1 */
  readonly scale?: number
  /** Whether a larger value is the better one; then the ratio that is to be reached is a lower bound. */
  readonly better: 'more' | 'less'
  /** What our value divided by that of the other has to reach. */
  readonly goals?: { readonly java?: number; readonly go?: number }
}

/** One setting of a case: each contender measures it in processes of its own. */
export interface Variant {
  readonly name: string
  /** Variants of one group have their turns together, in the same processes one after another: what is warm stays warm. */
  readonly group?: string
  readonly metrics: readonly Metric[]
  /** Which parameters make the variant; the case knows what they mean. */
  readonly params?: Params
  /** Who does not take part, and why. */
  readonly absent?: Partial<Readonly<Record<Language, string>>>
}

/** Parameters of a program, the same in every language. */
export type Params = Readonly<Record<string, string | number | boolean>>

/** What one contender measured in one round. */
export interface Sample {
  readonly values: Readonly<Record<string, number>>
  /** HdrHistograms of nanoseconds, compressed and in base64, as all implementations of HdrHistogram write them. */
  readonly histograms?: Readonly<Record<string, string>>
}

/** A program of a contender that runs. */
export interface RunningProgram extends AsyncDisposable {
  /** Milliseconds since 1970 at which it was started. */
  readonly startedAtMs: number
  /** The last line of JSON that it printed before its end. */
  result(timeoutMs?: number): Promise<Sample>
  /** Waits until what it has printed matches. */
  waitForOutput(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray>
}

/** Starts programs by the name that they have in every language. */
export interface Programs {
  /** Why a language cannot take part on this machine, or undefined when it can. */
  whyAbsent(language: Language): string | undefined
  start(language: Language, name: string, params: Params): Promise<RunningProgram>
  /** Where the classes of our Java programs lie, for a Java service container. */
  readonly javaClasses: string
}

/** A case whose surroundings, such as its media driver, are up. */
export interface Rig extends AsyncDisposable {
  /** One contender's turn. */
  measure(variant: Variant, language: Language): Promise<Sample>
  /** One contender's turn at variants of one group: a sample of each. There where the case has groups. */
  measureGroup?(variants: readonly Variant[], language: Language): Promise<readonly Sample[]>
}

/** One job that is measured: data, and how to start its surroundings. */
export interface BenchCase {
  readonly name: string
  readonly title: string
  readonly variants: readonly Variant[]
  launch(programs: Programs): Promise<Rig>
}
