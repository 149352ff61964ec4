namespace Gateway.TestHarness.Azurite;

/// <summary>Where <c>npm ci</c> put the emulator.</summary>
public static class AzuriteFolder
{
    /// <summary>The emulator of an account.</summary>
    public static string Program { get; } = SourceTree.PathOf(
        "tests", "Gateway.Azure.Tests", "node_modules", "azurite", "dist", "src", "azurite.js");

    /// <summary>Why it cannot be run; null where it can.</summary>
    public static string? Missing { get; } =
        File.Exists(Program) ? null : "needs Azurite: run npm ci in tests/Gateway.Azure.Tests";
}
