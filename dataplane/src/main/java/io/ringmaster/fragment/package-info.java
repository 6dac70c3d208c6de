/** Datagrams that arrive in fragments: put together before anything looks at them, as the kernel does it. */
package io.ringmaster.fragment;
