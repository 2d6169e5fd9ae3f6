package dev.voiceai.forwarder;

/**
 * What signs a request to AWS.
 *
 * @param sessionToken null for long-lived keys
 */
public record AwsCredentials(String accessKeyId, String secretAccessKey, String sessionToken) {
    /** Names the key only, so that no log line can hold the secret. */
    @Override
    public String toString() {
        return "AwsCredentials[" + accessKeyId + "]";
    }
}
