package dev.voiceai.warehouse;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.springframework.mock.env.MockEnvironment;

/** A service user of Snowflake with a key pair made for the test. */
record ServiceUser(String name, KeyPair keys) {

    /** Not AES, which Java 17 can read in such a file but not write. */
    private static final String ENCRYPTION = "PBEWithSHA1AndDESede";

    static ServiceUser named(String name) {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return new ServiceUser(name, generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The private key's file, as {@code openssl pkcs8 -topk8 -nocrypt} writes it. */
    String pem() {
        return pem("PRIVATE KEY", keys.getPrivate().getEncoded());
    }

    /** The private key's file, as {@code openssl pkcs8 -topk8 -v1 PBE-SHA1-3DES} writes it. */
    String pem(String password) throws Exception {
        var secret = SecretKeyFactory.getInstance(ENCRYPTION).generateSecret(new PBEKeySpec(password.toCharArray()));
        var cipher = Cipher.getInstance(ENCRYPTION);
        cipher.init(Cipher.ENCRYPT_MODE, secret);
        var encrypted = cipher.doFinal(keys.getPrivate().getEncoded());
        var info = new EncryptedPrivateKeyInfo(cipher.getParameters(), encrypted);
        return pem("ENCRYPTED PRIVATE KEY", info.getEncoded());
    }

    /** The private key as its file has it, without first and last line and without line breaks. */
    String base64() {
        return Base64.getEncoder().encodeToString(keys.getPrivate().getEncoded());
    }

    /** The settings with which the user logs in. */
    MockEnvironment settings() {
        return new MockEnvironment().withProperty("warehouse.user", name)
                .withProperty("warehouse.private-key-base64", base64());
    }

    static String base64(String file) {
        return Base64.getEncoder().encodeToString(file.getBytes(US_ASCII));
    }

    private static String pem(String label, byte[] key) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
                + "\n-----END " + label + "-----\n";
    }
}
