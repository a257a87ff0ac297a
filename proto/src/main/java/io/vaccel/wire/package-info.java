/** The codec between wire messages and runtime values. */
package io.vaccel.wire;
