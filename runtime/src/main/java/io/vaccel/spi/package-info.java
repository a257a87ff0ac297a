/** What a plugin implements and how it is found. */
package io.vaccel.spi;
