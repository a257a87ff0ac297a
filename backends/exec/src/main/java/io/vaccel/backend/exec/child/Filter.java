package io.vaccel.backend.exec.child;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A program for the kernel's filter of system calls, in the instructions of classic BPF; see
 * seccomp(2) and linux/filter.h.
 */
final class Filter {
  static final int ALLOW = 0x7fff0000;
  static final int KILL = 0x80000000;

  /** The most instructions that the kernel takes. */
  private static final int MAX = 4096;

  private static final int LOAD = 0x20;
  private static final int EQUAL = 0x15;
  private static final int ANY_BIT = 0x45;
  private static final int ANSWER = 0x06;

  private static final int NUMBER = 0;
  private static final int ARCHITECTURE = 4;
  private static final int FIRST_ARGUMENT = 16;

  private final ByteBuffer code = ByteBuffer.allocateDirect(8 * MAX).order(ByteOrder.nativeOrder());

  /** Answers a call with this errno. */
  static int error(int errno) {
    return 0x00050000 | errno;
  }

  void loadNumber() {
    add(LOAD, 0, 0, NUMBER);
  }

  void loadArchitecture() {
    add(LOAD, 0, 0, ARCHITECTURE);
  }

  /** The lower half of an argument, which is all that counts where the kernel takes an int. */
  void loadLow(int argument) {
    add(LOAD, 0, 0, FIRST_ARGUMENT + 8 * argument);
  }

  void loadHigh(int argument) {
    add(LOAD, 0, 0, FIRST_ARGUMENT + 8 * argument + 4);
  }

  /** Skips so many instructions if what was loaded is this value. */
  void ifEqualSkip(int value, int instructions) {
    add(EQUAL, instructions, 0, value);
  }

  /** Skips so many instructions unless what was loaded is this value. */
  void unlessEqualSkip(int value, int instructions) {
    add(EQUAL, 0, instructions, value);
  }

  /** Skips so many instructions unless what was loaded has one of these bits. */
  void unlessAnyBitSkip(int bits, int instructions) {
    add(ANY_BIT, 0, instructions, bits);
  }

  void answer(int action) {
    add(ANSWER, 0, 0, action);
  }

  int instructions() {
    return code.position() / 8;
  }

  /** The program; direct, in native order. */
  ByteBuffer code() {
    return code;
  }

  private void add(int operation, int ifTrue, int ifFalse, int value) {
    code.putShort((short) operation).put((byte) ifTrue).put((byte) ifFalse).putInt(value);
  }
}
