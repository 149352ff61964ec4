namespace Gateway.TestHarness;

/// <summary>The requirements of a test run, from its environment.</summary>
public static class Requirements
{
    /// <summary>True if everything is required: a missing program then fails a test instead of skipping it.</summary>
    public static bool AreAll { get; } = Environment.GetEnvironmentVariable("GATEWAY_REQUIRE_ALL") == "1";

    /// <summary>True if the long runs and measurements are also wanted.</summary>
    public static bool AreFull { get; } = Environment.GetEnvironmentVariable("GATEWAY_FULL") == "1";

    /// <summary>Returns the reason for skipping a test; null if it runs anyway.</summary>
    /// <param name="missing">The missing requirement, and how to get it; null if everything is there.</param>
    public static string? SkipWithout(string? missing) => AreAll ? null : missing;
}
