import {
  CncFileReader,
  describeDriver,
  isDriverActive,
  readDriverErrors,
  readLossReport,
  type StreamBacklog,
  streamBacklogs,
  streamCounters,
} from '@x/client'
import type { Report } from './output.ts'
import { errorLines, fieldsText, numberText, timeText } from './texts.ts'

const VALUE_WIDTH = 26

/** Which counters to show: all that match each of the patterns given. */
export interface CounterFilter {
  readonly type?: RegExp
  readonly identity?: RegExp
  readonly session?: RegExp
  readonly stream?: RegExp
  /** Matches the URI of the counters of streams, and the label of others. */
  readonly channel?: RegExp
}

/** All counters of a driver, also of one that is gone: Aeron's `AeronStat`. */
export function countersReport(aeronDirectory: string, filter: CounterFilter): Report {
  using reader = CncFileReader.map(aeronDirectory)
  const { countersReader, cncVersion, driverPid, driverHeartbeatAgeMs } = reader
  const streams = new Map(
    streamCounters(countersReader).flatMap((stream) =>
      stream.counters.map(({ counterId }) => [counterId, stream] as const),
    ),
  )
  const counters: { id: number; typeId: number; registrationId: bigint; value: bigint; label: string }[] = []
  countersReader.forEach((id, typeId, _key, label) => {
    const registrationId = countersReader.getCounterRegistrationId(id)
    const stream = streams.get(id)
    const matches =
      isMatch(filter.type, typeId) &&
      isMatch(filter.identity, registrationId) &&
      isMatch(filter.session, stream?.sessionId) &&
      isMatch(filter.stream, stream?.streamId) &&
      isMatch(filter.channel, stream?.channel ?? label)
    if (matches)
      counters.push({ id, typeId, registrationId, value: countersReader.getCounterValue(id), label })
  })
  const idWidth = `${Math.max(0, ...counters.map(({ id }) => id))}`.length
  return {
    value: { cncVersion, driverPid, driverHeartbeatAgeMs, counters },
    lines: [
      `${new Date().toISOString()} cnc.dat ${cncVersion}, pid ${driverPid}, heartbeat ${driverHeartbeatAgeMs} ms ago`,
      ...counters.map(
        ({ id, value, label }) =>
          `${`${id}`.padStart(idWidth)}: ${numberText(value).padStart(VALUE_WIDTH)} - ${label}`,
      ),
    ],
  }
}

function isMatch(pattern: RegExp | undefined, value: number | bigint | string | undefined): boolean {
  return pattern === undefined || (value !== undefined && pattern.test(`${value}`))
}

/** The positions and events of all streams of a driver: Aeron's `StreamStat`. */
export function streamsReport(aeronDirectory: string): Report {
  using reader = CncFileReader.map(aeronDirectory)
  const streams = streamCounters(reader.countersReader)
  const lines = streams.map(({ sessionId, streamId, channel, counters }) => {
    const values = counters.map(({ name, registrationId, value }) => ` ${name}:${registrationId}:${value}`)
    return `${fieldsText({ sessionId, streamId, channel })} :${values.join('')}`
  })
  return { value: streams, lines }
}

/** What has not been sent or consumed yet, for all streams of a driver: Aeron's `BacklogStat`. */
export function backlogReport(aeronDirectory: string): Report {
  using reader = CncFileReader.map(aeronDirectory)
  const backlogs = streamBacklogs(reader.countersReader)
  return { value: backlogs, lines: backlogs.flatMap(backlogLines) }
}

function backlogLines(backlog: StreamBacklog): string[] {
  const { sessionId, streamId, channel, publisher, sender, receiver, subscribers } = backlog
  const lines = [fieldsText({ sessionId, streamId, channel })]
  if (publisher !== undefined) {
    const { registrationId, position, remainingWindow } = publisher
    lines.push(
      `  publisher ${registrationId} is at ${position}, ${remainingWindow} bytes before back-pressure`,
    )
  }
  if (sender !== undefined) {
    lines.push(
      `  sender ${sender.registrationId} has ${sender.backlog} bytes to send, and may send ${sender.remainingWindow}`,
    )
  }
  if (receiver !== undefined) {
    lines.push(
      `  receiver ${receiver.registrationId} is at ${receiver.position}, has received up to ${receiver.highWaterMark}`,
    )
  }
  for (const { registrationId, position, backlog: bytes } of subscribers) {
    lines.push(
      `  subscriber ${registrationId} is at ${position}, ${bytes === undefined ? 'its publication is gone' : `${bytes} bytes behind`}`,
    )
  }
  return lines
}

/** The errors that a driver has logged: Aeron's `ErrorStat`. */
export function driverErrorsReport(aeronDirectory: string): Report {
  const errors = readDriverErrors(aeronDirectory)
  return { value: errors, lines: errorLines(`Driver in ${aeronDirectory}`, errors) }
}

/** The loss that a driver has reported: Aeron's `LossStat`. */
export function lossReport(aeronDirectory: string): Report {
  const losses = readLossReport(aeronDirectory)
  const lines = losses.map((loss) =>
    fieldsText({
      ...loss,
      firstObservationTimestampMs: timeText(loss.firstObservationTimestampMs),
      lastObservationTimestampMs: timeText(loss.lastObservationTimestampMs),
    }),
  )
  return { value: losses, lines: [`${losses.length} entries`, ...lines] }
}

/** What a driver is: Aeron's `DriverTool`. The exit code is 1 for one that is not running. */
export function driverReport(aeronDirectory: string): Report {
  if (!isDriverActive(aeronDirectory)) {
    using reader = CncFileReader.map(aeronDirectory)
    const { cncVersion, driverPid, driverHeartbeatMs } = reader
    const lastAlive = timeText(driverHeartbeatMs)
    return {
      value: { aeronDirectory, isActive: false, cncVersion, pid: driverPid, heartbeatMs: driverHeartbeatMs },
      lines: [`not running: pid ${driverPid}, last alive ${lastAlive}, cnc.dat ${cncVersion}`],
      code: 1,
    }
  }
  const description = describeDriver(aeronDirectory)
  const { driverVersion, pid, startTimestampMs, heartbeatAgeMs, cncVersion } = description
  return {
    value: { isActive: true, ...description },
    lines: [
      `running: version ${driverVersion ?? 'unknown'}, pid ${pid}, since ${timeText(startTimestampMs)}, heartbeat ${heartbeatAgeMs} ms ago, cnc.dat ${cncVersion}`,
    ],
  }
}
