/** The guest command line. */
package io.vaccel.guest;
