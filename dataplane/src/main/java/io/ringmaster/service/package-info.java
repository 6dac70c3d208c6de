/**
 * Virtual services and real servers: the immutable view that workers read.
 */
package io.ringmaster.service;
