/**
 * The plugin {@code vsock}: its work happens at an agent, on the host or wherever {@code
 * VACCEL_RPC_ADDRESS} leads. It opens a session there, uploads models once, and survives an agent
 * that restarts; while none answers it says so at once, so that a local plugin can take over.
 *
 * <table>
 * <caption>Settings</caption>
 * <tr><th>name</th><th>default</th><th>meaning</th></tr>
 * <tr><td>{@code VACCEL_RPC_ADDRESS}</td><td>none</td><td>the agent's endpoint, for instance {@code
 *     vsock:2:2048} or {@code unix:/run/vaccel.sock}; vAccel's spelling {@code vsock://2:2048}, {@code
 *     unix:///run/vaccel.sock} works too</td></tr>
 * <tr><td>{@code VACCEL_RPC_CONNECT_TIMEOUT_MILLIS}</td><td>10000</td><td>the longest wait for a
 *     connection and for the first answer</td></tr>
 * <tr><td>{@code VACCEL_RPC_KEEP_ALIVE_MILLIS}</td><td>30000</td><td>while calls are under way, silence
 *     on the connection after which the agent is asked for a sign of life; at least 10000. An idle
 *     connection sends nothing</td></tr>
 * <tr><td>{@code VACCEL_RPC_LEASE_MILLIS}</td><td>the agent's choice</td><td>how long a session should
 *     outlive its last call, should this guest die; renewed after a third of it without a call</td></tr>
 * <tr><td>{@code VACCEL_RPC_RETRIES}</td><td>2</td><td>how often a call is repeated that failed for want
 *     of an agent, within its deadline</td></tr>
 * <tr><td>{@code VACCEL_RPC_PROBE_INTERVAL_MILLIS}</td><td>1000</td><td>the least time between two tries
 *     to reach an agent that does not answer</td></tr>
 * <tr><td>{@code VACCEL_RPC_FAREWELL_MILLIS}</td><td>2000</td><td>the longest wait at the end until the
 *     agent has heard what is not needed any more; what it does not hear ends with the lease</td></tr>
 * <tr><td>{@code VACCEL_RPC_PROBE_WAIT_MILLIS}</td><td>200</td><td>how long the call waits for the
 *     answer that happens to make such a try</td></tr>
 * <tr><td>{@code VACCEL_RPC_TIME_LIMIT_MILLIS}</td><td>none</td><td>the longest time that a call may
 *     spend at the agent, its repetitions included, before it is taken for an agent that does not
 *     answer, so that a local plugin takes over; for calls that may be repeated</td></tr>
 * <tr><td>{@code VACCEL_RPC_MAX_RESULT_BYTES}</td><td>1 GiB</td><td>the most bytes of one result that
 *     this guest is ready to hold</td></tr>
 * <tr><td>{@code VACCEL_RPC_TLS_CA}, {@code VACCEL_RPC_TLS_CERT}, {@code VACCEL_RPC_TLS_KEY}, {@code
 *     VACCEL_RPC_TLS_SERVER_NAME}</td><td>no TLS</td><td>for an agent over TCP: PEM files with the
 *     authorities that its certificate must come from (the JDK's, when only others are set), with this
 *     guest's own certificate chain and its PKCS#8 key, and the name that the agent's certificate
 *     bears when it is not the endpoint's host</td></tr>
 * </table>
 *
 * <p>A reader starts at {@code VsockPlugin}, then {@code AgentSession}: a call passes {@code
 * Attempts} (again, if need be), {@code Exchange} (one try) and {@code Rpc} (one gRPC call).
 */
package io.vaccel.plugin.vsock;
