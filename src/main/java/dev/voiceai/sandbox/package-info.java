/**
 * A stand-in for Retell's phone-call API on one machine: the same endpoints, errors, signature and webhook retries,
 * with scripted outcomes in place of telephones. Of the application it shares the signature alone;
 * {@link dev.voiceai.sandbox.RetellSandbox} starts it inside the application or by itself.
 *
 * @see <a href="https://docs.retellai.com/api-references/create-phone-call">Retell: create phone call</a>
 */
package dev.voiceai.sandbox;
