namespace Gateway.TestHarness.Azurite;

/// <summary>The folder into which <c>npm ci</c> installed the emulator.</summary>
public static class AzuriteFolder
{
    /// <summary>The emulator's script.</summary>
    public static string Program { get; } = SourceTree.PathOf(
        "tests", "Gateway.Azure.Tests", "node_modules", "azurite", "dist", "src", "azurite.js");

    /// <summary>The reason why it cannot run; null if it can.</summary>
    public static string? Missing { get; } =
        File.Exists(Program) ? null : "needs Azurite: run npm ci in tests/Gateway.Azure.Tests";
}
