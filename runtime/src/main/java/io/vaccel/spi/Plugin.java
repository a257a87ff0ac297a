package io.vaccel.spi;

/**
 * Performs operations: here, or by asking somebody else.
 *
 * <p>Safe for use by several threads. The runtime owns it and closes it after all its sessions.
 */
public interface Plugin extends AutoCloseable {
  /** The name of its provider. */
  String name();

  /**
   * Where its work is done, as error messages name it: itself, or the endpoint that it forwards to.
   */
  default String place() {
    return "plugin " + name();
  }

  /**
   * What it can do now. Asked before every call, so it must be quick; a remote plugin may block up
   * to its connect timeout when it does not know yet.
   */
  Capabilities capabilities();

  /**
   * A place for one owner's models and state.
   *
   * @param context the way back into the runtime; valid as long as the session
   * @throws io.vaccel.VaccelException when none can be had now
   */
  PluginSession openSession(SessionContext context);

  @Override
  void close();
}
