/** What the layers cost, beside a raw socket and the same operation in process. */
package io.vaccel.bench;
