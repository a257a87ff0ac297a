/** The API an application sees. */
package io.vaccel;
