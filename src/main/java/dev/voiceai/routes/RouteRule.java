package dev.voiceai.routes;

import dev.voiceai.routes.RouteFiles.Place;
import dev.voiceai.routes.RouteFiles.Route;
import dev.voiceai.routes.RouteFiles.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What every route file must keep. Loading finds unknown options and bad expressions by itself; these rules are about
 * what Camel loads without a word and then does wrong, and about the one style that lets the files be read as the
 * diagram.
 */
enum RouteRule {

    CAMEL_SCHEMA("is valid against the Camel YAML schema",
            files -> documents(files, CamelSchema.full())),

    CANONICAL_FORM("is written in canonical form",
            files -> documents(files, CamelSchema.canonical())),

    /** Camel would find them only at its start, and without their place. */
    TEMPLATES("makes routes of templates and parameters that are there", files -> files.templateFindings().stream()),

    UNIQUE_IDS("gives each route and step an id of its own", files -> {
        Map<String, List<Place>> owners = new LinkedHashMap<>();
        files.places().filter(place -> place.node().isObject() && place.node().path("id").isTextual())
                .filter(place -> !place.path().contains("/schema/"))
                .forEach(place -> owners.computeIfAbsent(place.text("id"), id -> new ArrayList<>()).add(place));
        return owners.entrySet().stream().filter(owner -> owner.getValue().size() > 1)
                .flatMap(owner -> owner.getValue().stream()
                        .map(place -> files.at(place, "id " + owner.getKey() + " stands at " + owner.getValue())));
    }),

    ROUTE_ID("names each route as verb-noun in kebab-case", files -> files.routes().stream()
            .filter(route -> !route.id().matches("[a-z][a-z0-9]*(-[a-z0-9]+)+"))
            .map(route -> files.at(route.place(), route + " has an id that is not verb-noun in kebab-case"))),

    DESCRIPTION("describes each route as SOURCE -> TARGET: what it does.", files -> files.routes().stream()
            .filter(route -> !Pattern.compile("\\S.* -> \\S.*: \\S.*\\.").matcher(route.place().text("description"))
                    .matches())
            .map(route -> files.at(route.place(),
                    route + " has no description of the form \"SOURCE -> TARGET: what it does.\""))),

    /** A route configuration that does not exist is ignored without a word: the route then has no error handling. */
    ERROR_HANDLING("says for each route what happens to an error", files -> {
        Set<String> known = files.definitions("routeConfiguration").map(place -> place.text("id"))
                .collect(Collectors.toSet());
        return files.routes().stream().flatMap(route -> {
            String named = route.place().text("routeConfigurationId");
            if (named.isEmpty()) {
                return route.isTransacted() || route.place().node().has("errorHandler") ? Stream.empty()
                        : Stream.of(files.at(route.place(), route + " has no routeConfigurationId"));
            }
            return Arrays.stream(named.split(",")).filter(name -> !known.contains(name.strip()))
                    .map(name -> files.at(route.place().child("routeConfigurationId"),
                            "there is no route configuration " + name.strip()));
        });
    }),

    /** A {@code direct:} name that nothing consumes loads, and then fails each message. */
    TARGETS("sends only to direct: and seda: names that a route consumes", files -> {
        Set<String> consumers = files.consumers();
        return files.documents().stream()
                .flatMap(document -> RouteFiles.targets(new Place(document.file(), "", document.content())).stream())
                .filter(target -> !target.isConsumedBy(consumers) && !isExtension(target, files.extensionPoints()))
                .map(target -> files.at(target.place(), "nothing consumes " + target.scheme() + ":" + target.name()));
    }),

    DIRECT_NAME("gives a direct: route its own id as name", files -> files.routes().stream()
            .filter(route -> route.isDirect() && !route.consumes().equals("direct:" + route.id()))
            .map(route -> files.at(route.from().child("uri"), route + " consumes " + route.consumes()))),

    FILE_NAMES("names SQL, schemas and other files below {{routes.dir}}", files -> {
        Pattern elsewhere = Pattern.compile("\\bfile:(?!\\{\\{routes\\.dir}}/)|\\bclasspath:|^json-validator:(?!file:)");
        return files.texts().filter(text -> elsewhere.matcher(text.node().asText()).find())
                .map(text -> files.at(text, "names a file that does not stand below {{routes.dir}}"));
    }),

    REFERENCED_FILES("names only files that exist", files -> files.references()
            .filter(name -> files.files().stream().noneMatch(file -> RouteFiles.matches(name.node().asText(), file)))
            .map(name -> files.at(name, "there is no file " + name.node().asText()))),

    UNUSED_FILES("leaves no SQL or schema file that nothing names", files -> {
        List<String> named = new ArrayList<>(files.references().map(name -> name.node().asText()).toList());
        files.templateReferences().forEach(named::add);
        files.files().stream().filter(file -> file.matches("schemas/.*\\.json|openapi\\.yaml"))
                .forEach(file -> files.schemaReferences(file).forEach(named::add));
        return files.files().stream().filter(file -> file.matches("(sql|schemas)/[^/]+"))
                .filter(file -> named.stream().noneMatch(name -> RouteFiles.matches(name, file)))
                .map(file -> new Finding(file, 1, "no route names it"));
    }),

    SQL_ENDPOINT("keeps SQL in files", files -> endpoints(files)
            .filter(endpoint -> endpoint.text("uri").startsWith("sql:") && !endpoint.text("uri").startsWith("sql:file:"))
            .map(endpoint -> files.at(endpoint.child("uri"), "wants sql:file:{{routes.dir}}/sql/..."))),

    SQL_STATEMENT("keeps one statement in each SQL file", files -> sqlFiles(files)
            .filter(file -> bareSql(files, file).strip().replaceFirst(";$", "").contains(";")
                    || bareSql(files, file).isBlank())
            .map(file -> new Finding(file, 1, "is not one statement"))),

    /** A plain {@code :#name} would let a message header win over the variable; {@code #{...}} is text, not a value. */
    SQL_PARAMETERS("binds only variables in SQL", files -> sqlFiles(files).flatMap(file -> {
        String sql = bareSql(files, file);
        boolean ledger = !file.startsWith("sql/warehouse-");
        String rest = sql.replaceAll(":#(in:)?\\$\\{variable\\.\\w+(\\[\\w+]|\\.\\w+)*}", "");
        boolean foreign = ledger ? rest.matches("(?s).*(#|\\$\\{|\\?|(?<!:):[A-Za-z]).*")
                : rest.contains("#{") || rest.contains("${");
        return foreign ? Stream.of(new Finding(file, 1, "a parameter is not of the form :#${variable.name}"))
                : Stream.empty();
    })),

    /**
     * Without the header filter a message attribute named {@code Camel...} steers the route (CVE-2026-46456). Without
     * a queue URL the application doesn't start while SQS is down; the defaults of the others give two messages a
     * second.
     */
    SQS_CONSUMER("gives each SQS consumer its filter, pace and queue URL", files -> files.routes().stream()
            .filter(route -> route.consumes().startsWith("aws2-sqs:")).flatMap(route -> {
                Place parameters = route.from().child("parameters");
                Map<String, String> wanted = new LinkedHashMap<>();
                wanted.put("headerFilterStrategy", "#sqsHeaders");
                wanted.put("greedy", "true");
                wanted.put("waitTimeSeconds", "\\d+|\\{\\{.+}}");
                wanted.put("visibilityTimeout", "\\d+|\\{\\{.+}}");
                wanted.put("maxMessagesPerPoll", "\\d+|\\{\\{.+}}");
                wanted.put("queueUrl", "(RAW\\()?\\{\\{.+}}\\)?");
                return wanted.entrySet().stream()
                        .filter(option -> !parameters.text(option.getKey()).matches(option.getValue()))
                        .map(option -> files.at(route.from(), route + ": the SQS consumer needs " + option.getKey()));
            })),

    /** The delete at the end needs the receipt handle; without it the message comes back and the work is done again. */
    RECEIPT_HANDLE("keeps the receipt handle of an SQS message", files -> files.routes().stream()
            .filter(route -> route.consumes().startsWith("aws2-sqs:"))
            .flatMap(route -> reachable(files, route).stream())
            .flatMap(route -> RouteFiles.below(route.place()))
            .filter(step -> step.key().equals("removeHeaders") || step.key().equals("removeHeader"))
            .filter(RouteRule::removesReceiptHandle).distinct()
            .map(step -> files.at(step, "removes CamelAwsSqsReceiptHandle"))),

    HOSTS_AND_SECRETS("has hosts and secrets only as {{placeholders}}", files -> {
        Pattern literal = Pattern.compile(
                "https?://(?!\\{\\{|\\$\\{)|(?i)\\b(Bearer|Basic) [\\w+/=-]{6,}|\\bAKIA\\w{12}|\\bkey_\\w{8,}");
        Pattern secret = Pattern.compile("(?i)(access|secret|api|private)Key|password|token");
        return files.texts().filter(text -> literal.matcher(text.node().asText()).find()
                        || secret.matcher(text.key()).matches()
                                && !text.node().asText().matches("\\{\\{.+}}|RAW\\(\\{\\{.+}}\\)|#.+"))
                .map(text -> files.at(text, "a literal host or secret"));
    }),

    EXTERNAL_STEP("gives each step to another system an id to-<system>", files -> endpoints(files)
            .filter(RouteRule::isExternal).filter(step -> !step.key().equals("from"))
            .filter(step -> !step.text("id").matches("to-[a-z0-9]+(-[a-z0-9]+)*"))
            .map(step -> files.at(step, "needs an id of the form to-<system>"))),

    ENDPOINT_OPTIONS("writes endpoint options as parameters", files -> endpoints(files)
            .filter(endpoint -> endpoint.text("uri").contains("&"))
            .map(endpoint -> files.at(endpoint.child("uri"), "write the options under parameters"))),

    /** What HTTP and SQS did stays done when the transaction rolls back, and they would hold its locks meanwhile. */
    TRANSACTION("keeps other systems out of transactions", files -> files.routes().stream()
            .filter(Route::isTransacted).flatMap(transacted -> reachable(files, transacted).stream()
                    .flatMap(route -> RouteFiles.below(route.place()))
                    .filter(step -> step.node().has("uri") && !step.key().equals("from") && isExternal(step))
                    .map(step -> files.at(step, "the transaction of " + transacted + " reaches this step")))),

    API_OPERATION("has a route for each operation of openapi.yaml", files -> {
        if (!files.files().contains(RouteFiles.CONTRACT)) {
            return Stream.of(new Finding(RouteFiles.CONTRACT, 1, "is missing"));
        }
        Set<String> consumers = files.consumers();
        return files.operations().stream().filter(operation -> !consumers.contains("direct:" + operation))
                .map(operation -> new Finding(RouteFiles.CONTRACT, files.lineOf(RouteFiles.CONTRACT, "operationId: " + operation),
                        "no route consumes direct:" + operation));
    }),

    /** Every event is written for the sink: without a relay they would pile up, and its column takes 32 characters. */
    ABT_SINK("has a relay for each route that delivers activity events", files -> files.routes().stream()
            .filter(route -> route.isDirect() && route.id().startsWith("deliver-abt-")).flatMap(route -> {
                String sink = route.id().replaceFirst("deliver-", "");
                String relay = "seda:relay-" + sink;
                return Stream.of(
                        files.consumers().contains(relay) ? "" : "no route consumes " + relay,
                        sink.matches("abt-[a-z0-9-]{1,28}") ? "" : "the name of a sink has at most 32 characters, " + sink + " does not")
                        .filter(message -> !message.isEmpty()).map(message -> files.at(route.place(), message));
            })),

    /** The file alone makes the type known to the API, which then sends to its route. */
    TASK_TYPE("has a route for each schema of a task type", files -> files.files().stream()
            .filter(file -> file.matches("schemas/task-[^/]+\\.json"))
            .map(file -> file.replaceAll("schemas/|\\.json", ""))
            .filter(type -> !files.consumers().contains("direct:" + type))
            .map(type -> new Finding("schemas/" + type + ".json", 1, "no route consumes direct:" + type)));

    /** Style: what runs all the same, and makes the files harder to read or to edit. */
    private static final Set<RouteRule> STYLE =
            Set.of(CANONICAL_FORM, ROUTE_ID, DESCRIPTION, UNUSED_FILES, EXTERNAL_STEP, ENDPOINT_OPTIONS);

    private static final Pattern SYSTEM = Pattern.compile("(https?|aws2-[a-z]+|jdbc):.*|\\{\\{[\\w.-]+}}.*", Pattern.DOTALL);

    private final String words;
    private final Function<RouteFiles, Stream<Finding>> check;

    RouteRule(String words, Function<RouteFiles, Stream<Finding>> check) {
        this.words = words;
        this.check = check;
    }

    /** Whether files that break the rule are not run. */
    boolean refuses() {
        return !STYLE.contains(this);
    }

    /** What is wrong in these files by this rule, each with its place; empty when nothing is. */
    List<Finding> findings(RouteFiles files) {
        return check.apply(files).toList();
    }

    @Override
    public String toString() {
        return words;
    }

    private static Stream<Finding> documents(RouteFiles files, CamelSchema schema) {
        return files.written().stream().flatMap(document -> schema.violations(document.content()).stream()
                .map(violation -> new Finding(document.file(), document.source().line(violation.path()), violation.message())));
    }

    /** Where there is no route of such a name, none is called. */
    private static boolean isExtension(Target target, Set<String> points) {
        return target.name().matches("[a-z-]+\\$\\{[^}]*}") && points.stream().anyMatch(target.name()::startsWith);
    }

    /** Everything with a URI, {@code from} included, and the steps whose URI is an expression. */
    private static Stream<Place> endpoints(RouteFiles files) {
        Set<String> computed = Set.of("enrich", "pollEnrich", "recipientList", "routingSlip", "dynamicRouter");
        return files.places().filter(place -> place.node().path("uri").isTextual() || computed.contains(place.key()));
    }

    private static boolean isExternal(Place step) {
        Stream<String> uris = step.node().has("uri") ? Stream.of(step.text("uri"))
                : RouteFiles.texts(step.child("expression")).map(text -> text.node().asText());
        return uris.anyMatch(uri -> SYSTEM.matcher(uri).matches());
    }

    /** The route and those that it calls and waits for. */
    private static Collection<Route> reachable(RouteFiles files, Route start) {
        return files.called(start, target -> !target.place().path().contains("/wireTap/"));
    }

    private static boolean removesReceiptHandle(Place step) {
        String handle = "CamelAwsSqsReceiptHandle";
        return handle.equals(step.text("name")) || covers(step.text("pattern"), handle)
                && !covers(step.text("excludePattern"), handle);
    }

    /** Header patterns are an exact name, a prefix with {@code *} or a regular expression. */
    private static boolean covers(String pattern, String header) {
        return !pattern.isEmpty() && (pattern.endsWith("*") && !pattern.endsWith(".*")
                ? header.toLowerCase().startsWith(pattern.substring(0, pattern.length() - 1).toLowerCase())
                : header.matches("(?i)" + pattern));
    }

    /** What routes run; scripts that create tables and views stand one folder deeper. */
    private static Stream<String> sqlFiles(RouteFiles files) {
        return files.files().stream().filter(file -> file.matches("sql/[^/]+\\.sql"));
    }

    /** The statement without comments and text literals, in which anything may stand. */
    private static String bareSql(RouteFiles files, String file) {
        return files.content(file).replaceAll("--.*|(?s:/\\*.*?\\*/)|'(?:[^']|'')*'", " ");
    }
}
