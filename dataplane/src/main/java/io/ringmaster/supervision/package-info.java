/**
 * What systemd is told of a director: that it is ready, what it has, that it reloads or ends, and that its workers go
 * on (sd_notify(3)).
 */
package io.ringmaster.supervision;
