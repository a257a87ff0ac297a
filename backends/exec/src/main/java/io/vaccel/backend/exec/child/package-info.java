/**
 * What runs in the process of one call: it takes the job from standard input, gives up its last
 * rights, loads the libraries, calls the function and writes what came of it. Knows nothing of the
 * runtime: only the JDK and JNA are on its class path.
 */
package io.vaccel.backend.exec.child;
