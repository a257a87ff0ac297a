// Reads the stable reason of a failed call from its google.rpc.Status details.

import protobuf from 'protobufjs';

// The parts of google/rpc/status.proto and error_details.proto that are needed; no small package brings them.
const { root } = protobuf.parse(`
  syntax = "proto3";
  message Any { string type_url = 1; bytes value = 2; }
  message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
  message ErrorInfo { string reason = 1; string domain = 2; map<string, string> metadata = 3; }
`);
const Status = root.lookupType('Status');
const ErrorInfo = root.lookupType('ErrorInfo');

/** The reason that the agent gave, or undefined where it gave none. */
export function reasonOf(error) {
  const [details] = error.metadata?.get('grpc-status-details-bin') ?? [];
  if (!details) {
    return undefined;
  }
  for (const any of Status.decode(details).details) {
    if (any.typeUrl.endsWith('/google.rpc.ErrorInfo')) {
      const info = ErrorInfo.decode(any.value);
      if (info.domain === 'vaccel') {
        return info.reason;
      }
    }
  }
  return undefined;
}
