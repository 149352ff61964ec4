namespace Gateway.TestHarness;

/// <summary>What a run of the tests is to have, by its environment.</summary>
public static class Requirements
{
    /// <summary>Whether everything has to be there: what is missing then makes a test fail, not skip.</summary>
    public static bool AreAll { get; } = Environment.GetEnvironmentVariable("GATEWAY_REQUIRE_ALL") == "1";

    /// <summary>Whether the long runs and measurements are wanted too.</summary>
    public static bool AreFull { get; } = Environment.GetEnvironmentVariable("GATEWAY_FULL") == "1";

    /// <summary>Why a test is skipped that misses something; null where it runs all the same.</summary>
    /// <param name="missing">What it misses, and the way to get it; null where all is there.</param>
    public static string? SkipWithout(string? missing) => AreAll ? null : missing;
}
