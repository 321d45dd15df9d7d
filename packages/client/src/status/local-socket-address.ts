import { type CountersReader, RECORD_ALLOCATED } from '@x/atomic/status'
import { CounterType } from './counter-type.ts'

/** Type of the counters that hold the addresses a channel is bound to. Protocol: Aeron's `LocalSocketAddressStatus`. */
const LOCAL_SOCKET_ADDRESS_TYPE_ID: number = CounterType.LOCAL_SOCKET_ADDRESS
const CHANNEL_STATUS_ID_OFFSET = 0
const ADDRESS_LENGTH_OFFSET = 4
const ADDRESS_OFFSET = 8
const MAX_ADDRESS_LENGTH = 104

/** Addresses, as `host:port`, that the channel with this status counter is bound to now. */
export function findLocalSocketAddresses(countersReader: CountersReader, channelStatusId: number): string[] {
  const addresses: string[] = []
  countersReader.forEach((counterId, typeId, key) => {
    if (typeId !== LOCAL_SOCKET_ADDRESS_TYPE_ID) return
    if (key.getInt32(CHANNEL_STATUS_ID_OFFSET) !== channelStatusId) return
    if (countersReader.getCounterValue(counterId) !== 1n) return
    const length = Math.min(Math.max(key.getInt32(ADDRESS_LENGTH_OFFSET), 0), MAX_ADDRESS_LENGTH)
    const address = key.getStringWithoutLengthAscii(ADDRESS_OFFSET, length)
    // Freeing a counter zeroes its key, so what was read counts only while the counter is still allocated.
    if (length > 0 && countersReader.getCounterState(counterId) === RECORD_ALLOCATED) addresses.push(address)
  })
  return addresses
}
