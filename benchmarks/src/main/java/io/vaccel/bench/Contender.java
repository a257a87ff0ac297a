package io.vaccel.bench;

/**
 * One of the ways that are measured side by side, ready to be called.
 *
 * @param way what it goes over
 * @param call performs the operation once, on the calling thread
 */
record Contender(Way way, Call call) {

  /** One performance of an operation; fails when the result is wrong. */
  @FunctionalInterface
  interface Call {
    void run() throws Exception;
  }
}
