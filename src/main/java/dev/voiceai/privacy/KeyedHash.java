package dev.voiceai.privacy;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * By what an erased person is recognised and not named: HMAC-SHA-256, 64 hex digits in lower case. A plain hash would
 * not do, since all phone numbers there are can be tried in minutes.
 */
public final class KeyedHash {
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    /** @param key any text, best 32 random bytes; another key recognises nobody */
    public KeyedHash(String key) {
        this.key = new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), ALGORITHM);
    }

    /** Of a number in E.164 form; null stays null. */
    public String ofNumber(String number) {
        return number == null ? null : of(number);
    }

    /** Of a contact_id, which can't be that of a number; null stays null. */
    public String ofContact(String contactId) {
        return contactId == null ? null : of("contact/" + contactId);
    }

    /** Each number with its hash. */
    public Map<String, String> ofNumbers(List<String> numbers) {
        var hashes = new LinkedHashMap<String, String>();
        numbers.forEach(number -> hashes.put(number, of(number)));
        return hashes;
    }

    /** Of any text. */
    public String of(String text) {
        try {
            // A Mac is not for several threads.
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
