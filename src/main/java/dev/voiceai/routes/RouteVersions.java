package dev.voiceai.routes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/** The versions of the routes folder that have run, each a copy in a folder named after its number. */
final class RouteVersions {

    private static final int KEPT = 20;

    private final Path folder;

    /** @param folder is made at the first version that is kept */
    RouteVersions(Path folder) {
        this.folder = folder;
    }

    Path folder() {
        return folder;
    }

    /** The numbers of the versions that are kept, in ascending order. */
    NavigableSet<Integer> numbers() throws IOException {
        NavigableSet<Integer> numbers = new TreeSet<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> versions = Files.list(folder)) {
                versions.map(version -> version.getFileName().toString()).filter(name -> name.matches("\\d{1,9}"))
                        .forEach(name -> numbers.add(Integer.valueOf(name)));
            }
        }
        return numbers;
    }

    RouteSnapshot snapshot(int version) {
        return RouteSnapshot.of(path(version));
    }

    /** Keeps a copy, and forgets the oldest ones. */
    void keep(int version, Path routes, RouteSnapshot snapshot) throws IOException {
        Path unfinished = folder.resolve("unfinished");
        FileSystemUtils.deleteRecursively(unfinished);
        for (String file : snapshot.checksums().keySet()) {
            Path copy = unfinished.resolve(file);
            Files.createDirectories(copy.getParent());
            Files.copy(routes.resolve(file), copy);
        }
        Files.move(unfinished, path(version));
        List<Integer> old = numbers().headSet(version - KEPT + 1).stream().sorted(Comparator.naturalOrder()).toList();
        for (int number : old) {
            FileSystemUtils.deleteRecursively(path(number));
        }
    }

    /** Writes a version back into the routes folder. */
    void restore(int version, Path routes, RouteSnapshot current) throws IOException {
        RouteSnapshot wanted = snapshot(version);
        for (String file : wanted.differences(current)) {
            Path target = routes.resolve(file);
            if (wanted.checksums().containsKey(file)) {
                Files.createDirectories(target.getParent());
                Path unfinished = Files.createTempFile(target.getParent(), ".", ".tmp");
                Files.copy(path(version).resolve(file), unfinished, StandardCopyOption.REPLACE_EXISTING);
                Files.move(unfinished, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } else {
                Files.delete(target);
            }
        }
    }

    private Path path(int version) {
        return folder.resolve(String.valueOf(version));
    }
}
