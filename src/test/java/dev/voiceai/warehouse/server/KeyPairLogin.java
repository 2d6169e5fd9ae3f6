package dev.voiceai.warehouse.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;

/**
 * Checks the JSON web token that a driver signs with its private key
 * (<a href="https://docs.snowflake.com/en/user-guide/key-pair-auth">key-pair authentication</a>).
 */
record KeyPairLogin(String account, String user, PublicKey key) {

    boolean accepts(String token) {
        var parts = token.split("\\.");
        if (parts.length != 3) {
            return false;
        }
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(key);
            signature.update((parts[0] + "." + parts[1]).getBytes(US_ASCII));
            var claims = Answers.JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
            return signature.verify(Base64.getUrlDecoder().decode(parts[2]))
                    && claims.path("exp").asLong() > Instant.now().getEpochSecond()
                    && claims.path("sub").asText().equals(subject())
                    && claims.path("iss").asText().equals(subject() + "." + fingerprint());
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            return false;
        }
    }

    private String subject() {
        return (account + "." + user).toUpperCase(Locale.ROOT);
    }

    private String fingerprint() throws GeneralSecurityException {
        var digest = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
        return "SHA256:" + Base64.getEncoder().encodeToString(digest);
    }
}
