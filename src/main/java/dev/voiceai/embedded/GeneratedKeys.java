package dev.voiceai.embedded;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Properties;

/** Keys made up at the first start that needs them and kept in one file, so that a restart leaves clients alone. */
final class GeneratedKeys {
    private static final int BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path file;
    private final Properties keys = new Properties();

    private GeneratedKeys(Path file) {
        this.file = file;
    }

    static GeneratedKeys in(DataFolder folder) {
        var generated = new GeneratedKeys(folder.resolve("keys.properties"));
        if (Files.exists(generated.file)) {
            try (var reader = Files.newBufferedReader(generated.file)) {
                generated.keys.load(reader);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return generated;
    }

    /** The key of that name; on disk before it is returned. */
    String key(String name) {
        String key = keys.getProperty(name);
        if (key == null) {
            byte[] random = new byte[BYTES];
            RANDOM.nextBytes(random);
            key = name + "_" + HexFormat.of().formatHex(random);
            keys.setProperty(name, key);
            save();
        }
        return key;
    }

    private void save() {
        try {
            var text = new StringWriter();
            keys.store(text, "Generated because no keys were set; delete this file to get new ones.");
            DataFolder.replace(file, text.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
