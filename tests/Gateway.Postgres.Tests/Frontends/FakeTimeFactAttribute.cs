using Gateway.Postgres.Tests.Clusters;

namespace Gateway.Postgres.Tests.Frontends;

/// <summary>A test that shifts the time of whole processes with libfaketime.</summary>
internal sealed class FakeTimeFactAttribute : FactAttribute
{
    public FakeTimeFactAttribute()
    {
        Skip = new PostgresFactAttribute().Skip;
        if (Environment.GetEnvironmentVariable("GATEWAY_REQUIRE_ALL") == "1") return;
        if (Library is null) Skip ??= "needs libfaketime: install the package faketime";
    }

    private static string? Library { get; } = Directory.Exists("/usr/lib")
        ? Directory.EnumerateFiles("/usr/lib", "libfaketime.so.1", new EnumerationOptions
        {
            RecurseSubdirectories = true,
            MaxRecursionDepth = 3,
        }).FirstOrDefault()
        : null;

    /// <summary>What makes a process see the wall clock off by so many seconds; what it measures stays right.</summary>
    public static (string Name, string Value)[] Shift(string seconds) =>
    [
        ("LD_PRELOAD", Library ?? throw new InvalidOperationException("libfaketime is missing: install faketime")),
        ("FAKETIME", seconds),
        ("DONT_FAKE_MONOTONIC", "1"),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
    ];
}
