package dev.voiceai.forwarder;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * AWS Signature Version 4 for the one request this module makes: a POST to SQS without a query string. A test holds it
 * to the signatures of the AWS SDK.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">AWS: create
 *     a signed request</a>
 */
final class AwsSignature {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final String SERVICE = "sqs";
    private static final HexFormat HEX = HexFormat.of();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private AwsSignature() {
    }

    /**
     * The given headers and those that sign them, by lower-case name. {@code host} is among them, as the JDK's client
     * sends it.
     *
     * @param headers the headers to sign, by lower-case name
     */
    static Map<String, String> sign(
            URI address, Map<String, String> headers, byte[] body, String region, AwsCredentials as, Instant at) {
        String time = TIME.format(at);
        String bodyHash = HEX.formatHex(sha256(body));
        TreeMap<String, String> signed = new TreeMap<>(headers);
        signed.put("host", host(address));
        signed.put("x-amz-content-sha256", bodyHash);
        signed.put("x-amz-date", time);
        if (as.sessionToken() != null) {
            signed.put("x-amz-security-token", as.sessionToken());
        }
        String names = String.join(";", signed.keySet());
        StringBuilder request = new StringBuilder("POST\n");
        appendEncoded(request, address.getRawPath());
        request.append("\n\n");
        signed.forEach((name, value) -> request.append(name).append(':').append(value).append('\n'));
        request.append('\n').append(names).append('\n').append(bodyHash);

        String day = time.substring(0, 8);
        String scope = day + "/" + region + "/" + SERVICE + "/aws4_request";
        String toSign = ALGORITHM + "\n" + time + "\n" + scope + "\n" + HEX.formatHex(sha256(utf8(request.toString())));
        byte[] key = hmac(utf8("AWS4" + as.secretAccessKey()), day);
        for (String part : new String[] {region, SERVICE, "aws4_request", toSign}) {
            key = hmac(key, part);
        }
        signed.put("authorization", ALGORITHM + " Credential=" + as.accessKeyId() + "/" + scope
                + ", SignedHeaders=" + names + ", Signature=" + HEX.formatHex(key));
        return signed;
    }

    /** A path is encoded once more for the signature; for every service but S3. */
    private static void appendEncoded(StringBuilder request, String path) {
        for (byte octet : utf8(path)) {
            char letter = (char) (octet & 0xff);
            if (letter >= 'a' && letter <= 'z' || letter >= 'A' && letter <= 'Z' || letter >= '0' && letter <= '9'
                    || "/-._~".indexOf(letter) >= 0) {
                request.append(letter);
            } else {
                request.append('%').append(HEX.withUpperCase().toHexDigits(octet));
            }
        }
    }

    private static String host(URI address) {
        int port = address.getPort();
        boolean usual = port == -1 || port == ("https".equals(address.getScheme()) ? 443 : 80);
        return usual ? address.getHost() : address.getHost() + ":" + port;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(utf8(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
