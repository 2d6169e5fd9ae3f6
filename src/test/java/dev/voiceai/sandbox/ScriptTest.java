package dev.voiceai.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ScriptTest {
    @Test
    void theTableInTheDocumentationIsTheOneInTheCode() throws IOException {
        assertThat(Files.readString(Path.of("docs/retell-sandbox.md"))).contains("\n" + Script.table());
    }

    @Test
    void everyScriptHasItsOwnFictionalNumber() {
        assertThat(Arrays.stream(Script.values()).map(script -> script.number)).doesNotHaveDuplicates()
                .allMatch(number -> number.matches("\\+120655501\\d\\d"));
    }

    @Test
    void aNumberThatIsNotListedSucceeds() {
        assertThat(Script.ofNumber("+442079460000")).isEqualTo(Script.SUCCESS);
    }
}
