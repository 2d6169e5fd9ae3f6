/** The shape of a Lambda Function URL event, for the webhook gateway. */
package dev.voiceai.gateway;
