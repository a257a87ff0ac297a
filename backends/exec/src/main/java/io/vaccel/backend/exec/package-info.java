/**
 * The plugin {@code exec}: functions of shared libraries that the operator allows, each called in a
 * process of its own that can reach nothing.
 *
 * <p>The agent's side starts a small JVM ({@link io.vaccel.backend.exec.child.ChildMain}) from a
 * thread that has given up its rights first ({@code Confinement}), and moves arguments and results
 * through two pipes ({@code LibraryProcess}). A reader starts at {@code ExecSession}.
 *
 * <table>
 * <caption>Settings</caption>
 * <tr><th>name</th><th>default</th><th>meaning</th></tr>
 * <tr><td>{@code VACCEL_EXEC_LIBRARIES}</td><td>none: exec is off</td><td>the libraries that may be
 *     called, separated by spaces or commas, each {@code NAME=SHA256} for one that callers bring as a
 *     resource, or {@code NAME=SHA256:PATH} for one on this machine</td></tr>
 * <tr><td>{@code VACCEL_EXEC_MEMORY_BYTES}</td><td>1 GiB</td><td>address space of a call beyond that of
 *     its JVM, arguments included</td></tr>
 * <tr><td>{@code VACCEL_EXEC_CPU_SECONDS}</td><td>60</td><td>processor time of a call</td></tr>
 * <tr><td>{@code VACCEL_EXEC_WALL_MILLIS}</td><td>60000</td><td>the longest time of a call</td></tr>
 * <tr><td>{@code VACCEL_EXEC_DESCRIPTORS}</td><td>64</td><td>open descriptors of a call</td></tr>
 * <tr><td>{@code VACCEL_EXEC_PROCESSES}</td><td>8</td><td>calls at a time; further ones wait</td></tr>
 * <tr><td>{@code VACCEL_EXEC_DIRECTORY}</td><td>the system's directory for temporary files</td><td>where
 *     the verified copies of libraries lie while the plugin is open</td></tr>
 * </table>
 */
package io.vaccel.backend.exec;
