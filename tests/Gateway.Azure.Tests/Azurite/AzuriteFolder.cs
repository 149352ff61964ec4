namespace Gateway.Azure.Tests.Azurite;

/// <summary>Where <c>npm ci</c> put the emulator.</summary>
internal static class AzuriteFolder
{
    private static readonly string Tests = Find();

    /// <summary>The emulator of the blob service.</summary>
    public static string Program { get; } =
        Path.Combine(Tests, "node_modules", "azurite", "dist", "src", "blob", "main.js");

    /// <summary>Why it cannot be run; null where it can.</summary>
    public static string? Missing { get; } =
        File.Exists(Program) ? null : "needs Azurite: run npm ci in tests/Gateway.Azure.Tests";

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Gateway.sln")))
                return Path.Combine(folder.FullName, "tests", "Gateway.Azure.Tests");
        }

        throw new InvalidOperationException($"No Gateway.sln above {AppContext.BaseDirectory}.");
    }
}
