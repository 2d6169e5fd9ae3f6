package dev.voiceai.forwarder;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Retell's signature header {@code x-retell-signature: v=<unix milliseconds>,d=<hex>}, where {@code d} is the
 * HMAC-SHA256 of the raw body followed by the decimal digits of {@code v}, keyed with an API key. Webhooks, the inbound
 * webhook and custom functions all carry it; a request without a body signs the digits alone.
 *
 * @see <a href="https://docs.retellai.com/features/secure-webhook">Retell: secure the webhook</a>
 */
public final class RetellSignature {
    /** The name of the header, in the lower case in which AWS Lambda and HTTP/2 deliver it. */
    public static final String HEADER = "x-retell-signature";

    /** How far the signing time may be from now, in milliseconds, in both directions and inclusive. */
    private static final long TOLERANCE_MS = 300_000;
    /** Retell's SDK reads the time as a JavaScript number and refuses what that cannot hold exactly. */
    private static final long MAX_SAFE_INTEGER = (1L << 53) - 1;
    private static final Pattern FORMAT =
            Pattern.compile("v=0*(\\d{1,16}),d=([0-9a-f]{64})", Pattern.CASE_INSENSITIVE);
    private static final String ALGORITHM = "HmacSHA256";

    private RetellSignature() {
    }

    /**
     * Says whether the header signs exactly these bytes with one of the keys, at most five minutes away from now.
     *
     * @param body the raw bytes as they came over the wire; re-serialised JSON does not verify
     * @param header the whole header value, or null when the request had none
     * @param keys the accepted API keys, more than one while they rotate; blank ones are passed over
     * @param now the verifier's time
     */
    public static boolean verify(byte[] body, String header, Collection<String> keys, Instant now) {
        if (header == null) {
            return false;
        }
        // matches(), since find() with $ would let a final line break pass.
        Matcher parts = FORMAT.matcher(header);
        if (!parts.matches()) {
            return false;
        }
        long signedAt = Long.parseLong(parts.group(1));
        if (signedAt > MAX_SAFE_INTEGER || Math.abs(now.toEpochMilli() - signedAt) > TOLERANCE_MS) {
            return false;
        }
        byte[] claimed = HexFormat.of().parseHex(parts.group(2));
        boolean valid = false;
        for (String key : keys) {
            if (!key.isBlank()) {
                // Every key is tried: the time taken must not tell which one fits.
                valid |= MessageDigest.isEqual(digest(body, signedAt, key), claimed);
            }
        }
        return valid;
    }

    /**
     * The header value with which Retell would sign this body.
     *
     * @param body the raw bytes to send
     * @param key the API key, not blank
     * @param at the signing time, cut to milliseconds
     */
    public static String sign(byte[] body, String key, Instant at) {
        long signedAt = at.toEpochMilli();
        return "v=" + signedAt + ",d=" + HexFormat.of().formatHex(digest(body, signedAt, key));
    }

    private static byte[] digest(byte[] body, long signedAt, String key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            mac.update(body);
            return mac.doFinal(Long.toString(signedAt).getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            // Every Java platform has HmacSHA256.
            throw new IllegalStateException(e);
        }
    }
}
