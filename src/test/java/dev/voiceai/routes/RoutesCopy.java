package dev.voiceai.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.springframework.util.FileSystemUtils;

/** A copy of the shipped routes folder that a test changes. */
public record RoutesCopy(Path folder) {

    /** @param parent where the copy is made */
    public static RoutesCopy below(Path parent) throws IOException {
        var copy = new RoutesCopy(parent.resolve("routes"));
        copy.restore();
        return copy;
    }

    /** Writes the shipped files back; what was added stays. */
    public void restore() throws IOException {
        FileSystemUtils.copyRecursively(Path.of("routes"), folder);
    }

    /** Copies all examples to where they are loaded. */
    public void addExamples() throws IOException {
        FileSystemUtils.copyRecursively(Path.of("routes/examples"), folder);
    }

    /** SHA-256 in hex of each file, as {@code GET /api/v1/routes} tells it of what runs. */
    public Map<String, String> checksums() {
        return RouteSnapshot.of(folder).checksums();
    }

    /** Replaces the first place of a file that has a text. */
    public void change(String file, String good, String bad) throws IOException {
        String content = Files.readString(folder.resolve(file));
        assertThat(content).contains(good);
        int at = content.indexOf(good);
        Files.writeString(folder.resolve(file), content.substring(0, at) + bad + content.substring(at + good.length()));
    }
}
