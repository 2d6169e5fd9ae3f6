package dev.voiceai.system;

/** With the embedded ledger. */
class SandboxScriptsH2Test extends SandboxScriptsTest {
    @Override
    RunningSystem system() {
        return RunningSystem.shared();
    }
}
