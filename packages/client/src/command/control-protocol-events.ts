/** Type ids of the commands a client sends to the driver. Protocol: Aeron's `ControlProtocolEvents`. */
export const Command = {
  ADD_PUBLICATION: 0x01,
  REMOVE_PUBLICATION: 0x02,
  ADD_EXCLUSIVE_PUBLICATION: 0x03,
  ADD_SUBSCRIPTION: 0x04,
  REMOVE_SUBSCRIPTION: 0x05,
  ADD_COUNTER: 0x09,
  REMOVE_COUNTER: 0x0a,
  CLIENT_CLOSE: 0x0b,
  ADD_RCV_DESTINATION: 0x0c,
  REMOVE_RCV_DESTINATION: 0x0d,
} as const

/** Type ids of the events the driver broadcasts to its clients. Protocol: Aeron's `ControlProtocolEvents`. */
export const DriverEvent = {
  ON_ERROR: 0x0f01,
  ON_AVAILABLE_IMAGE: 0x0f02,
  ON_PUBLICATION_READY: 0x0f03,
  ON_OPERATION_SUCCESS: 0x0f04,
  ON_UNAVAILABLE_IMAGE: 0x0f05,
  ON_EXCLUSIVE_PUBLICATION_READY: 0x0f06,
  ON_SUBSCRIPTION_READY: 0x0f07,
  ON_COUNTER_READY: 0x0f08,
  ON_UNAVAILABLE_COUNTER: 0x0f09,
  ON_CLIENT_TIMEOUT: 0x0f0a,
} as const
