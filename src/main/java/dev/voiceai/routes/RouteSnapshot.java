package dev.voiceai.routes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * The content of a routes folder at one moment, as far as it runs: cases and examples are not part of it.
 *
 * @param checksums SHA-256 in hex of each file, by its name relative to the folder
 */
record RouteSnapshot(Map<String, String> checksums) {

    /** What stands beside the routes and is not part of what runs. */
    private static final Pattern BESIDE = Pattern.compile("(cases|examples)/.*");

    static RouteSnapshot of(Path folder) {
        Map<String, String> checksums = new TreeMap<>();
        walk(folder).forEach(file -> checksums.put(name(folder, file), DigestUtils.sha256Hex(read(file))));
        return new RouteSnapshot(checksums);
    }

    /** Changes whenever a file is added, removed or written; costs no reading. */
    static String signature(Path folder) {
        StringBuilder signature = new StringBuilder();
        walk(folder).forEach(file -> {
            try {
                signature.append(file).append(' ').append(Files.size(file)).append(' ')
                        .append(Files.getLastModifiedTime(file).toMillis()).append('\n');
            } catch (IOException e) {
                signature.append(file).append(" gone\n");
            }
        });
        return signature.toString();
    }

    /** SHA-256 in hex over all files. */
    String checksum() {
        StringBuilder all = new StringBuilder();
        checksums.forEach((file, checksum) -> all.append(checksum).append("  ").append(file).append('\n'));
        return DigestUtils.sha256Hex(all.toString());
    }

    /** The files that are not the same in both, added and removed ones too. */
    Set<String> differences(RouteSnapshot other) {
        Set<String> files = new TreeSet<>(checksums.keySet());
        files.addAll(other.checksums.keySet());
        files.removeIf(file -> checksums.getOrDefault(file, "").equals(other.checksums.get(file)));
        return files;
    }

    private static Stream<Path> walk(Path folder) {
        // Editors keep their own files beside the one that is edited.
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().matches("\\..*|.*~|.*\\.(swp|tmp|bak)"))
                    .filter(file -> !folder.relativize(file).toString().matches("(.*/)?\\..*/.*"))
                    .filter(file -> !BESIDE.matcher(name(folder, file)).matches()).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(Path folder, Path file) {
        return folder.relativize(file).toString().replace('\\', '/');
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
