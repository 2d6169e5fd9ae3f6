package dev.voiceai.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.voiceai.settings.StartFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeysTest {
    private final ApiKeys keys = new ApiKeys("crm:one, crm:two ,shop:three", "desk:four", "ops:five:six", "");

    @TempDir
    Path folder;

    @Test
    void aKeyNamesItsHolder() {
        assertThat(keys.find("one")).isEqualTo(new Caller("crm", Set.of("engage")));
        assertThat(keys.find("two")).isEqualTo(new Caller("crm", Set.of("engage")));
        assertThat(keys.find("three")).isEqualTo(new Caller("shop", Set.of("engage")));
        assertThat(keys.find("four")).isEqualTo(new Caller("desk", Set.of("business")));
        assertThat(keys.find("five:six")).isEqualTo(new Caller("ops", Set.of("operator")));
    }

    @Test
    void anythingElseIsNobodys() {
        for (String key : new String[] {"", "On", "one ", "one,", "crm:one", "five", "six"}) {
            assertThat(keys.find(key)).as(key).isNull();
        }
    }

    @Test
    void aHashedKeyIsAsGoodAsThePlainOneAndItsHashOpensNothing() throws Exception {
        String hash = hash("a-long-random-key");
        var hashed = new ApiKeys("crm:sha256:" + hash + ",shop:sha256:" + hash("other").toUpperCase(), "", "", "");

        assertThat(hashed.find("a-long-random-key")).isEqualTo(new Caller("crm", Set.of("engage")));
        assertThat(hashed.find("other")).isEqualTo(new Caller("shop", Set.of("engage")));
        assertThat(hashed.find(hash)).isNull();
        assertThat(hashed.find("sha256:" + hash)).isNull();
    }

    @Test
    void aPassLetsItsCallerDoWhatTheRolesAllow() {
        String pass = keys.pass(new Caller("Ada of the desk", Set.of("engage", "business")));

        assertThat(pass).doesNotContain("one", "three");
        assertThat(keys.authorize(pass, "engage")).isEqualTo("Ada of the desk");
        assertThat(keys.authorize(pass, "operator, business")).isEqualTo("Ada of the desk");
        assertThatThrownBy(() -> keys.authorize(pass, "operator"))
                .isInstanceOfSatisfying(Forbidden.class, problem -> assertThat(problem.status()).isEqualTo(403));
        String without = keys.pass(new Caller("oauth2:eve", Set.of()));
        assertThatThrownBy(() -> keys.authorize(without, "engage,business,operator")).isInstanceOf(Forbidden.class);
    }

    @Test
    void whatIsNoPassGetsTheSameAnswerWhateverItIs() {
        String foreign = new ApiKeys("", "", "", "").pass(new Caller("crm", Set.of("operator")));
        for (String pass : new String[] {
            null, "", "one", "crm:one", " engage crm", "engage crm", "x engage crm", foreign}) {
            assertThatThrownBy(() -> keys.authorize(pass, "engage,business,operator"))
                    .as(pass)
                    .isInstanceOfSatisfying(Unauthorized.class, problem -> {
                        assertThat(problem.status()).isEqualTo(401);
                        assertThat(problem.detail()).isEqualTo("Send a valid key in the header X-API-Key.");
                    });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "key-canary", ":key-canary", "name:", "a:b,key-canary", "a:sha256:key-canary", "a:sha256:",
        "a-name-of-more-than-sixty-four-characters-that-no-column-of-the-ledger-holds:key-canary"})
    void aListThatIsNotNameAndKeyKeepsTheApplicationFromStarting(String setting) {
        assertThatThrownBy(() -> new ApiKeys(setting, "", "", ""))
                .isInstanceOf(StartFailure.class)
                .hasMessageNotContaining("canary");
    }

    @Test
    void oneKeyOrNameForTwoHoldersKeepsTheApplicationFromStartingAndIsNotShown() {
        assertThatThrownBy(() -> new ApiKeys("a:same-key", "b:same-key", "", ""))
                .isInstanceOf(StartFailure.class)
                .hasMessageNotContaining("same-key");
        assertThatThrownBy(() -> new ApiKeys("a:same-key,b:same-key", "", "", "")).isInstanceOf(StartFailure.class);
        assertThatThrownBy(() -> new ApiKeys("a:one", "", "a:two", "")).isInstanceOf(StartFailure.class);
    }

    @Test
    void aFileAddsKeysToThoseOfTheSettings() throws Exception {
        var both = new ApiKeys("crm:one", "", "", file("""
                # role name:key

                engage    crm:two
                engage    crm:one
                operator  ada:sha256:%s\r
                """.formatted(hash("three"))));

        assertThat(both.find("one")).isEqualTo(new Caller("crm", Set.of("engage")));
        assertThat(both.find("two")).isEqualTo(new Caller("crm", Set.of("engage")));
        assertThat(both.find("three")).isEqualTo(new Caller("ada", Set.of("operator")));
        assertThat(both.fault()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "# nothing\n", "engage crm:canary\nengage", "engage crm:canary\nadmin eve:canary",
        "engage crm:canary\ncanary", "engage crm:canary\nengage canary", "engage crm:canary\nengage a:sha256:canary",
        "engage crm:canary\nengage a:canary"})
    void aFileThatIsNotValidKeepsTheApplicationFromStartingAndIsNotShown(String content) {
        assertThatThrownBy(() -> new ApiKeys("", "", "", file(content)))
                .isInstanceOf(StartFailure.class)
                .hasMessageNotContaining("canary");
        assertThatThrownBy(() -> new ApiKeys("", "", "", folder.resolve("missing").toString()))
                .isInstanceOf(StartFailure.class);
    }

    @Test
    void aFileThatBreaksLaterLeavesItsLastGoodKeysAndSaysSoUntilItIsMended() throws Exception {
        String file = file("engage crm:one\n");
        var kept = new ApiKeys("", "", "", file);
        for (String broken : new String[] {
            "", "engage crm:two\nengage canary\n", "engage crm:two\nbusiness crm:three\n"}) {
            file(broken);
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> kept.fault().isPresent());
            assertThat(kept.fault().orElseThrow()).doesNotContain("canary", "three");
            assertThat(kept.find("one")).isNotNull();
            assertThat(kept.find("two")).isNull();
            file("engage crm:one\n");
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> kept.fault().isEmpty());
        }
        Files.delete(Path.of(file));
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> kept.fault().isPresent());
        assertThat(kept.find("one")).isNotNull();
        file("engage crm:two\n");
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> kept.find("two") != null);
        assertThat(kept.find("one")).isNull();
        assertThat(kept.fault()).isEmpty();
    }

    private String file(String content) throws Exception {
        return Files.writeString(folder.resolve("api-keys"), content).toString();
    }

    private static String hash(String key) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes()));
    }
}
