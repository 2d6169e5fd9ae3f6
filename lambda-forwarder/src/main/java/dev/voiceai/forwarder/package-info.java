/**
 * Retell's webhook to SQS: verifies the signature on the raw bytes, shrinks the event to what the processor needs, and
 * answers 204 only when the queue has it. {@link dev.voiceai.forwarder.ForwarderHandler} is the Lambda function; the
 * application runs the same class in-process while no real function is configured.
 */
package dev.voiceai.forwarder;
