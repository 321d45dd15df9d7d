import { expect, test } from 'vitest'
import { clusterMembers, ingressEndpoints, memberEndpoints } from './cluster-properties.ts'

const MEMBERS = [memberEndpoints([1, 2, 3, 4, 5]), memberEndpoints([11, 12, 13, 14, 15])]

test('clusterMembers() lists id, ingress, consensus, log, catchup and archive', () => {
  expect(clusterMembers(MEMBERS)).toBe(
    '0,127.0.0.1:1,127.0.0.1:2,127.0.0.1:3,127.0.0.1:4,127.0.0.1:5|1,127.0.0.1:11,127.0.0.1:12,127.0.0.1:13,127.0.0.1:14,127.0.0.1:15',
  )
})

test('ingressEndpoints() lists where clients go', () => {
  expect(ingressEndpoints(MEMBERS)).toBe('0=127.0.0.1:1,1=127.0.0.1:11')
})

test('memberEndpoints() wants five ports', () => {
  expect(() => memberEndpoints([1, 2])).toThrow(/needs 5 ports, and 2 are given/)
})
