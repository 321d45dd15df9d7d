import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import { reservePorts } from './free-ports.ts'
import type { PortReservation } from './free-ports.ts'

const reservations: PortReservation[] = []

async function reserve(count: number): Promise<readonly number[]> {
  const reservation = await reservePorts(count)
  reservations.push(reservation)
  return reservation.ports
}

afterEach(() => {
  reservations.splice(0).forEach((reservation) => reservation.release())
})

test('reservePorts() gives consecutive ports', async () => {
  const ports = await reserve(5)
  const first = ports[0] ?? 0
  expect(ports).toEqual([first, first + 1, first + 2, first + 3, first + 4])
})

test('reservePorts() gives nobody the ports of another', async () => {
  const ports = (await Promise.all(Array.from({ length: 20 }, async () => reserve(3)))).flat()
  expect(new Set(ports).size).toBe(60)
})

test('reservePorts() gives ports that a socket can be bound to', async () => {
  const [port] = await reserve(1)
  const socket = createSocket('udp4')
  socket.bind({ port: port ?? 0, address: '127.0.0.1', exclusive: true })
  await once(socket, 'listening')
  expect(socket.address().port).toBe(port)
  socket.close()
})

test('reservePorts() stays below the ports that systems hand out themselves', async () => {
  const ports = await reserve(50)
  expect(Math.max(...ports)).toBeLessThan(32_768)
})
