package io.vaccel.plugin.vsock;

import io.vaccel.transport.Endpoint;

/**
 * Everything through which a session reaches its agent.
 *
 * @param endpoint where it is
 * @param settings how to deal with it
 * @param rpc sends calls
 * @param connection whether it is connected
 * @param breaker whether it answers
 * @param attempts repeats calls
 * @param timeLimit ends calls that take too long
 * @param view what it says of itself
 * @param buffers moves bulk
 * @param content moves files
 * @param leases keeps sessions
 * @param farewells lets go of what is not needed any more
 */
record Agent(
    Endpoint endpoint,
    ClientSettings settings,
    Rpc rpc,
    Connection connection,
    Breaker breaker,
    Attempts attempts,
    TimeLimit timeLimit,
    AgentView view,
    Buffers buffers,
    ContentUpload content,
    LeaseKeeper leases,
    Farewells farewells) {}
