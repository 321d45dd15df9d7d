import { ChannelUri } from '@x/client'

/** Ingress endpoint of each member, by member id, in the order of the list. */
export type IngressEndpoints = ReadonlyMap<number, string>

/**
 * Parses a list of ingress endpoints such as `0=host-a:9002,1=host-b:9002`.
 * Source of the form: the option of Aeron's AeronCluster, and the detail of a REDIRECT event.
 *
 * @throws SyntaxError for an entry that is not `<member id>=<endpoint>`, and for a member id that comes twice
 */
export function parseIngressEndpoints(text: string): IngressEndpoints {
  const endpoints = new Map<number, string>()
  for (const entry of text.split(',')) {
    const parts = /^\s*(\d+)\s*=\s*(\S+)\s*$/.exec(entry)
    const memberId = Number(parts?.[1])
    const endpoint = parts?.[2]
    if (endpoint === undefined) {
      throw new SyntaxError(
        `Cannot parse ingress endpoints: each entry must be <member id>=<host>:<port>, current value is "${text}"`,
      )
    }
    if (endpoints.has(memberId)) {
      throw new SyntaxError(
        `Cannot parse ingress endpoints: member ${memberId} must come once, current value is "${text}"`,
      )
    }
    endpoints.set(memberId, endpoint)
  }
  return endpoints
}

/** The ingress channel of one member: the template with the member's endpoint in it. */
export function ingressChannelOf(template: string, endpoint: string): string {
  const uri = ChannelUri.parse(template)
  uri.put('endpoint', endpoint)
  return uri.toString()
}
