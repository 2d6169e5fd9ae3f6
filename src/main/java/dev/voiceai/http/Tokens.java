package dev.voiceai.http;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.health.HealthStatus;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.JWTProcessor;
import dev.voiceai.settings.StartFailure;
import java.text.ParseException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Bearer tokens of an identity provider, which may come in place of an API key: signed JWTs whose scopes
 * {@code voice-ai:engage}, {@code voice-ai:business} and {@code voice-ai:operator} are the roles. Off unless an issuer
 * is set.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9068">RFC 9068, JWT Profile for OAuth 2.0 Access Tokens</a>
 */
@Component
final class Tokens {
    private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);
    private static final Pattern BEARER = Pattern.compile("Bearer +(\\S+)", Pattern.CASE_INSENSITIVE);
    private static final String SCOPE = "voice-ai:";
    private static final String NAME = "oauth2:";
    /** Printable, without spaces: it stands on the timeline. */
    private static final Pattern SUBJECT = Pattern.compile("[!-~]{1," + (Caller.LONGEST_NAME - NAME.length()) + "}");

    private static final Duration KEYS_VALID = Duration.ofMinutes(5);
    /** How long tokens are checked with the keys known last, when the provider does not answer. */
    private static final Duration OUTAGE = Duration.ofHours(1);
    /** At most two requests to the provider within this, whatever tokens come. */
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final Duration WAIT_FOR_OTHERS = Duration.ofSeconds(5);

    /** Null when tokens are not taken. */
    private final JWTProcessor<SecurityContext> processor;
    private volatile boolean providerAnswers;

    /** @throws StartFailure when some of the settings are there and others are missing */
    Tokens(
            @Value("${oauth2.issuer}") String issuer,
            @Value("${oauth2.audience}") String audience,
            @Value("${oauth2.jwks-uri}") String jwksUri) {
        if (Stream.of(issuer, audience, jwksUri).allMatch(String::isBlank)) {
            processor = null;
            return;
        }
        if (issuer.isBlank() || audience.isBlank()) {
            throw new StartFailure(
                    "Tokens are to be taken, and it is not said from whom or for what.",
                    "Set OAUTH2_ISSUER and OAUTH2_AUDIENCE: a token for another service must not count here.");
        }
        processor = processor(issuer, audience, keys(new ProviderKeys(issuer, jwksUri)));
    }

    private JWKSource<SecurityContext> keys(ProviderKeys provider) {
        return JWKSourceBuilder.create(provider)
                .cache(KEYS_VALID.toMillis(), WAIT_FOR_OTHERS.toMillis())
                .refreshAheadCache(false)
                .outageTolerant(OUTAGE.toMillis())
                .rateLimited(PAUSE.toMillis())
                .healthReporting(report -> providerAnswers = report.getHealthStatus() == HealthStatus.HEALTHY)
                .build();
    }

    private static JWTProcessor<SecurityContext> processor(
            String issuer, String audience, JWKSource<SecurityContext> keys) {
        var processor = new DefaultJWTProcessor<>();
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
        // Signatures that only the provider can make: no HMAC, whose key could be the public one, and not "none".
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(
                Set.of(
                        JWSAlgorithm.RS256, JWSAlgorithm.RS384, JWSAlgorithm.RS512,
                        JWSAlgorithm.PS256, JWSAlgorithm.PS384, JWSAlgorithm.PS512,
                        JWSAlgorithm.ES256, JWSAlgorithm.ES384, JWSAlgorithm.ES512),
                keys));
        processor.setJWTClaimsSetVerifier(new DefaultJWTClaimsVerifier<>(
                audience, new JWTClaimsSet.Builder().issuer(issuer).build(), Set.of("sub", "exp")));
        return processor;
    }

    boolean areTaken() {
        return processor != null;
    }

    /** The token of a header {@code Authorization}; null when it has none. */
    static String in(String authorization) {
        Matcher bearer = BEARER.matcher(authorization == null ? "" : authorization);
        return bearer.matches() ? bearer.group(1) : null;
    }

    /**
     * Who was given a token; null when it is not valid.
     *
     * @throws Problem with status 503 when the provider's keys can't be had
     */
    Caller find(String token) {
        try {
            return caller(processor.process(token, null));
        } catch (RateLimitReachedException e) {
            // Its key is not among those that were just read, or there are none yet.
            if (providerAnswers) {
                return null;
            }
            throw unavailable();
        } catch (KeySourceException e) {
            LOG.warn("the keys at OAUTH2_ISSUER or OAUTH2_JWKS_URI can't be read: {}", e.getClass().getSimpleName());
            throw unavailable();
        } catch (ParseException | BadJOSEException | JOSEException e) {
            return null;
        }
    }

    private static Problem unavailable() {
        return new Problem(
                503,
                "identity-provider-unavailable",
                "The token can't be checked now. Try again in a few seconds.",
                List.of());
    }

    private static Caller caller(JWTClaimsSet claims) {
        if (!SUBJECT.matcher(claims.getSubject()).matches()) {
            return null;
        }
        Set<String> roles = Stream.concat(texts(claims.getClaim("scope")), texts(claims.getClaim("scp")))
                .filter(scope -> scope.startsWith(SCOPE))
                .map(scope -> scope.substring(SCOPE.length()))
                .filter(ApiKey.ROLES::contains)
                .collect(Collectors.toSet());
        return new Caller(NAME + claims.getSubject(), roles);
    }

    /** Providers write scopes as one text with spaces, or as a list. */
    private static Stream<String> texts(Object claim) {
        return claim instanceof Collection<?> list
                ? list.stream().map(String::valueOf)
                : Stream.of(claim == null ? new String[0] : claim.toString().split(" "));
    }
}
