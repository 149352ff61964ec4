namespace Gateway.TestHarness.Postgres;

/// <summary>libfaketime, which shifts the time of a whole process.</summary>
public static class FakeTime
{
    public const string Missing = "needs libfaketime: install the package faketime";

    public static bool IsThere => Library is not null;

    private static string? Library { get; } = Directory.Exists("/usr/lib")
        ? Directory.EnumerateFiles("/usr/lib", "libfaketime.so.1", new EnumerationOptions
        {
            RecurseSubdirectories = true,
            MaxRecursionDepth = 3,
        }).FirstOrDefault()
        : null;

    /// <summary>
    /// Returns the environment that shifts a process's wall clock by so many seconds; measured durations stay correct.
    /// </summary>
    public static (string Name, string Value)[] Shift(string seconds) => [.. Always(), ("FAKETIME", seconds)];

    /// <summary>
    /// Returns the environment that shifts it by the seconds in a file at each moment. Replace the file, never write to
    /// it.
    /// </summary>
    public static (string Name, string Value)[] Follow(string file) =>
        [.. Always(), ("FAKETIME_TIMESTAMP_FILE", file), ("FAKETIME_NO_CACHE", "1")];

    private static (string Name, string Value)[] Always() =>
    [
        ("LD_PRELOAD", Library ?? throw new InvalidOperationException(Missing)),
        ("DONT_FAKE_MONOTONIC", "1"),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        // This "fix" makes every timed wait of the runtime end at once, which uses a whole core.
        ("FAKETIME_FORCE_MONOTONIC_FIX", "0"),
    ];
}
