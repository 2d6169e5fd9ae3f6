package dev.voiceai;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.apache.camel.RoutesBuilder;

/** Who may know whom. */
@AnalyzeClasses(packages = "dev.voiceai", importOptions = ImportOption.DoNotIncludeTests.class)
class DependenciesTest {
    private static final String EMBEDDED = "dev.voiceai.embedded..";
    private static final String SANDBOX = "dev.voiceai.sandbox..";

    @ArchTest
    static final ArchRule theForwarderKnowsNeitherSpringNorCamelNorTheSdk = noClasses()
            .that().resideInAPackage("dev.voiceai.forwarder..")
            .should().dependOnClassesThat()
            .resideInAnyPackage("org.springframework..", "org.apache.camel..", "software.amazon..", "org.slf4j..")
            .because("each library makes a cold start of the Lambda longer");

    @ArchTest
    static final ArchRule theForwarderKnowsNothingOfTheApplication = noClasses()
            .that().resideInAPackage("dev.voiceai.forwarder..")
            .should().dependOnClassesThat(resideInAPackage("dev.voiceai..")
                    .and(resideOutsideOfPackage("dev.voiceai.forwarder..")));

    @ArchTest
    static final ArchRule embeddedPartsAreKnownToTheirConfigurationAlone = noClasses()
            .that().resideOutsideOfPackages(EMBEDDED, SANDBOX)
            .should().dependOnClassesThat().resideInAnyPackage(EMBEDDED, SANDBOX)
            .because("what runs in production must not reach a stand-in; META-INF/spring.factories names their start");

    @ArchTest
    static final ArchRule theSandboxIsAServerOfItsOwn = noClasses()
            .that().resideInAPackage(SANDBOX)
            .should().dependOnClassesThat().resideInAnyPackage(EMBEDDED, "org.apache.camel..")
            .because("it also runs by itself");

    @ArchTest
    static final ArchRule theEmbeddedQueuesAreKnownToOnePackage = noClasses()
            .that().resideOutsideOfPackage(EMBEDDED)
            .should().dependOnClassesThat().resideInAnyPackage("org.elasticmq..", "org.apache.pekko..", "scala..");

    /** {@code AgentPairs} is bound from the settings, a row for each pair. */
    @ArchTest
    static final ArchRule rulesKnowNothingOfTheContainer = noClasses()
            .that().resideInAnyPackage("dev.voiceai.calls", "dev.voiceai.deadletters", "dev.voiceai.gateway",
                    "dev.voiceai.privacy", "dev.voiceai.retell", "dev.voiceai.tasks")
            .and().haveNameNotMatching(".*(Configuration|AgentPairs)(\\$.*)?")
            .should().dependOnClassesThat().resideInAnyPackage(
                    "org.springframework.beans..", "org.springframework.boot..", "org.springframework.context..",
                    "org.springframework.core..", "org.springframework.jdbc..", "org.springframework.transaction..",
                    "org.apache.camel..")
            .because("they are tried without a context, and routes call them as plain beans");

    @ArchTest
    static final ArchRule routesAreWrittenInYamlAlone = noClasses().should().implement(RoutesBuilder.class);

    @ArchTest
    static final ArchRule packagesHaveNoCycles = slices().matching("dev.voiceai.(*)..").should().beFreeOfCycles();
}
