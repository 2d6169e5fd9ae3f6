/** What a route can't say well about Retell: what its answers prove, and when to look again. */
package dev.voiceai.retell;
