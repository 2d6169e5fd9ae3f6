package dev.voiceai.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.voiceai.settings.StartFailure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {
    private static final RSAKey STRANGER = IdentityProvider.newKey("nobody");

    private final IdentityProvider provider = new IdentityProvider();
    private final Tokens tokens = new Tokens(provider.issuer(), IdentityProvider.AUDIENCE, "");

    @AfterEach
    void stop() {
        provider.close();
    }

    private String good() {
        return signed(provider.key(), JOSEObjectType.JWT);
    }

    private String signed(RSAKey key, JOSEObjectType type) {
        return IdentityProvider.sign(provider.claims("voice-ai:engage"), key, type);
    }

    // --- Who it is ---

    @Test
    void theScopesAreTheRolesAndTheSubjectIsTheName() {
        assertThat(tokens.find(good())).isEqualTo(new Caller("oauth2:alice", Set.of("engage")));
        var several = provider.claims("openid voice-ai:engage voice-ai:operator voice-ai:root");
        assertThat(tokens.find(provider.sign(several)))
                .isEqualTo(new Caller("oauth2:alice", Set.of("engage", "operator")));
        assertThat(tokens.find(provider.sign(provider.claims(null).claim("scp", List.of("voice-ai:business")))))
                .isEqualTo(new Caller("oauth2:alice", Set.of("business")));
        assertThat(tokens.find(provider.sign(provider.claims("engage operator"))))
                .isEqualTo(new Caller("oauth2:alice", Set.of()));
    }

    @Test
    void anAccessTokenByItsOwnTypeIsTakenToo() {
        var type = new JOSEObjectType("at+jwt");

        assertThat(tokens.find(signed(provider.key(), type))).isNotNull();
    }

    @Test
    void theKeysMayBeAtAnAddressThatIsSet() {
        provider.stateIssuer("https://another.example");
        var direct = new Tokens(provider.issuer(), IdentityProvider.AUDIENCE, provider.jwksUri());

        assertThat(direct.find(good())).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "line\nbreak", "Zoë",
        "a-subject-of-more-than-fifty-seven-characters-is-no-actor-here"})
    void aSubjectThatCannotStandOnTheTimelineIsRefused(String subject) {
        assertThat(tokens.find(provider.sign(provider.claims("voice-ai:engage").subject(subject)))).isNull();
    }

    // --- What is no good ---

    @Test
    void aTokenOfAnotherIssuerForAnotherServiceOrAnotherTimeIsRefused() {
        for (JWTClaimsSet.Builder claims : List.of(
                provider.claims("voice-ai:engage").issuer("https://another.example"),
                provider.claims("voice-ai:engage").issuer(null),
                provider.claims("voice-ai:engage").audience("https://another.example"),
                provider.claims("voice-ai:engage").audience((String) null),
                provider.claims("voice-ai:engage").expirationTime(Date.from(Instant.now().minusSeconds(120))),
                provider.claims("voice-ai:engage").expirationTime(null),
                provider.claims("voice-ai:engage").notBeforeTime(Date.from(Instant.now().plusSeconds(120))),
                provider.claims("voice-ai:engage").subject(null))) {
            assertThat(tokens.find(provider.sign(claims))).as(claims.build().toString()).isNull();
        }
    }

    @Test
    void aTokenThatNobodyHasSignedIsRefused() {
        assertThat(tokens.find(new PlainJWT(provider.claims("voice-ai:operator").build()).serialize())).isNull();
        assertThat(tokens.find(good().replaceFirst("\\.[^.]*$", "."))).isNull();
    }

    @Test
    void aTokenThatIsSignedWithThePublicKeyAsASecretIsRefused() throws Exception {
        for (byte[] secret : List.of(
                provider.key().toRSAPublicKey().getEncoded(),
                provider.key().toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8))) {
            var header = new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(provider.key().getKeyID()).build();
            var token = new SignedJWT(header, provider.claims("voice-ai:operator").build());
            token.sign(new MACSigner(secret));

            assertThat(tokens.find(token.serialize())).isNull();
        }
    }

    @Test
    void aTokenThatIsSignedWithAKeyItBringsAlongIsRefused() throws Exception {
        var own = new ECKeyGenerator(Curve.P_256).keyID(provider.key().getKeyID()).generate();
        var header = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(own.getKeyID()).jwk(own.toPublicJWK()).build();
        var token = new SignedJWT(header, provider.claims("voice-ai:operator").build());
        token.sign(new ECDSASigner(own));

        assertThat(tokens.find(token.serialize())).isNull();
        var foreign = IdentityProvider.newKey(provider.key().getKeyID());
        assertThat(tokens.find(signed(foreign, JOSEObjectType.JWT))).isNull();
    }

    @Test
    void aTokenWhoseClaimsWereChangedIsRefused() {
        String[] parts = good().split("\\.");
        String changed = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8)
                .replace("voice-ai:engage", "voice-ai:operator");
        String payload = Base64.getUrlEncoder().withoutPadding().encodeToString(changed.getBytes());

        assertThat(changed).contains("operator");
        assertThat(tokens.find(parts[0] + "." + payload + "." + parts[2])).isNull();
    }

    @Test
    void aTokenForAnotherUseIsRefused() {
        var type = new JOSEObjectType("secevent+jwt");

        assertThat(tokens.find(signed(provider.key(), type))).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a.b.c", "a-key", "eyJhbGciOiJSUzI1NiJ9..", "{\"alg\": \"none\"}.{}."})
    void whatIsNoTokenIsRefused(String text) {
        assertThat(tokens.find(text)).isNull();
    }

    @Test
    void onlyABearerTokenIsLookedAt() {
        assertThat(Tokens.in("Bearer abc")).isEqualTo("abc");
        assertThat(Tokens.in("bearer  abc")).isEqualTo("abc");
        for (String header : new String[] {null, "", "Bearer", "Bearer ", "Basic abc", "abc", "Bearer a b"}) {
            assertThat(Tokens.in(header)).as(header).isNull();
        }
    }

    // --- The provider's keys ---

    @Test
    void aNewKeyIsKnownAtOnceAndAnUnknownOneCostsTheProviderNextToNothing() {
        assertThat(tokens.find(good())).isNotNull();
        provider.rotateTo(IdentityProvider.newKey("key-2"));
        assertThat(tokens.find(good())).isNotNull();
        int reads = provider.reads();

        for (int i = 0; i < 50; i++) {
            assertThat(tokens.find(signed(STRANGER, JOSEObjectType.JWT))).isNull();
        }

        assertThat(provider.reads()).isLessThan(reads + 10);
    }

    @Test
    void whileTheKeysCannotBeReadATokenIsNeitherGoodNorBad() {
        provider.setDown(true);
        for (int i = 0; i < 5; i++) {
            assertUnavailable();
        }
        provider.setDown(false);

        await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> tokens.find(good()) != null);
    }

    @Test
    void aProviderThatIsSomebodyElseIsNotBelieved() {
        provider.stateIssuer("https://another.example");

        assertUnavailable();
    }

    private void assertUnavailable() {
        assertThatThrownBy(() -> tokens.find(good())).isInstanceOfSatisfying(Problem.class, problem -> {
            assertThat(problem.status()).isEqualTo(503);
            assertThat(problem.type()).isEqualTo("identity-provider-unavailable");
        });
    }

    @Test
    void aProviderThatGoesAwayLaterChangesNothingForTheKeysThatAreKnown() {
        assertThat(tokens.find(good())).isNotNull();
        provider.setDown(true);

        assertThat(tokens.find(good())).isNotNull();
        assertThat(tokens.find(signed(STRANGER, JOSEObjectType.JWT))).isNull();
        assertThat(tokens.find(good())).isNotNull();
    }

    // --- Settings ---

    @Test
    void withoutAnIssuerNoTokensAreTaken() {
        assertThat(tokens.areTaken()).isTrue();
        assertThat(new Tokens("", "", "").areTaken()).isFalse();
    }

    @Test
    void halfOfTheSettingsKeepsTheApplicationFromStarting() {
        assertThatThrownBy(() -> new Tokens(provider.issuer(), "", "")).isInstanceOf(StartFailure.class);
        assertThatThrownBy(() -> new Tokens("", IdentityProvider.AUDIENCE, "")).isInstanceOf(StartFailure.class);
        assertThatThrownBy(() -> new Tokens("", "", provider.jwksUri())).isInstanceOf(StartFailure.class);
    }
}
