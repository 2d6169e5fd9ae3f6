package dev.voiceai.http;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.atomic.AtomicInteger;

/** An identity provider: publishes its metadata and keys over HTTP, and signs whatever a test wants. */
public final class IdentityProvider implements AutoCloseable {
    public static final String AUDIENCE = "https://voice-ai.example";

    private final HttpServer server;
    private final AtomicInteger reads = new AtomicInteger();
    private volatile RSAKey key = newKey("key-1");
    private volatile boolean down;
    private volatile String statedIssuer;

    public IdentityProvider() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        statedIssuer = issuer();
        server.createContext("/tenant/.well-known/openid-configuration", exchange -> answer(exchange,
                "{\"issuer\": \"" + statedIssuer + "\", \"jwks_uri\": \"" + jwksUri() + "\"}"));
        server.createContext("/keys", exchange -> {
            reads.incrementAndGet();
            answer(exchange, new JWKSet(key.toPublicJWK()).toString());
        });
        server.start();
    }

    private void answer(HttpExchange exchange, String json) throws IOException {
        try (exchange) {
            byte[] body = json.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(down ? 503 : 200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    static RSAKey newKey(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/tenant";
    }

    String jwksUri() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/keys";
    }

    /** How often its keys were read. */
    int reads() {
        return reads.get();
    }

    RSAKey key() {
        return key;
    }

    void rotateTo(RSAKey next) {
        key = next;
    }

    void setDown(boolean newDown) {
        down = newDown;
    }

    /** What its metadata says that it is. */
    void stateIssuer(String issuer) {
        statedIssuer = issuer;
    }

    /** What a good token says, for the tests to spoil. */
    public JWTClaimsSet.Builder claims(String scope) {
        return new JWTClaimsSet.Builder()
                .issuer(issuer())
                .audience(AUDIENCE)
                .subject("alice")
                .expirationTime(Date.from(Instant.now().plusSeconds(300)))
                .claim("scope", scope);
    }

    public String sign(JWTClaimsSet.Builder claims) {
        return sign(claims, key, JOSEObjectType.JWT);
    }

    static String sign(JWTClaimsSet.Builder claims, RSAKey key, JOSEObjectType type) {
        try {
            var header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).type(type).build();
            var token = new SignedJWT(header, claims.build());
            token.sign(new RSASSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
