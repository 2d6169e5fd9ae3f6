package dev.voiceai.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.voiceai.settings.StartFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    @TempDir
    Path path;

    @Test
    void generatedKeysSurviveARestartAndAreForTheOwnerOnly() throws Exception {
        String engage;
        try (var folder = DataFolder.open(path)) {
            engage = GeneratedKeys.in(folder).key("engage");
        }
        try (var folder = DataFolder.open(path)) {
            var keys = GeneratedKeys.in(folder);

            assertThat(keys.key("engage")).isEqualTo(engage).hasSizeGreaterThan(32);
            assertThat(keys.key("operator")).isNotEqualTo(engage);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path.resolve("keys.properties"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aFolderInUseIsNamedAsTheReasonNotToStart() throws Exception {
        try (var folder = DataFolder.open(path)) {
            assertThatThrownBy(() -> DataFolder.open(path))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining(path.toString())
                    .hasMessageContaining("in use");
        }
    }
}
