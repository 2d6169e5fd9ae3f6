/** The one SQS client of the application, and the Lambda client. */
package dev.voiceai.sqs;
