package dev.voiceai.retell;

import dev.voiceai.forwarder.RetellSignature;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;

/**
 * Checks what Retell sends to this application itself: custom functions and the inbound webhook, signed as webhooks are.
 *
 * @see <a href="https://docs.retellai.com/features/secure-webhook">Secure the webhook</a>
 */
public final class WebhookSignature {

    private final List<String> keys;
    private final Clock clock;

    /** @param keys API keys with the webhook badge, separated by commas; several while keys rotate */
    public WebhookSignature(String keys, Clock clock) {
        this.keys = Arrays.stream(keys.split(",")).map(String::strip).filter(key -> !key.isEmpty()).toList();
        this.clock = clock;
    }

    /** Whether one of the keys signed these raw bytes within the last five minutes; false for a missing header. */
    public boolean verify(byte[] body, String header) {
        return RetellSignature.verify(body, header, keys, clock.instant());
    }
}
