namespace Gateway.Tidy.Tests.House;

/// <summary>Where tests stand.</summary>
public sealed class MirrorTests
{
    /// <summary>Suites that test no single type: whole programs, and models that types are held against.</summary>
    private static readonly string[] Suites =
    [
        .. Of("Gateway.Azure.Tests", "Storage"),
        .. Of("Gateway.Cluster.Tests", "Agents", "Control", "Faults", "Fleets", "Memory", "Metrics", "Programs",
            "Rates", "Rolling"),
        .. Of("Gateway.Limits.Tests", "Checking", "Conformance", "Crashing", "Simulation"),
        .. Of("Gateway.Mcp.Tests", "Fuzzing"),
        .. Of("Gateway.Orleans.Tests", "Clusters", "Sharing"),
        .. Of("Gateway.Policy.Tests", "Costs", "Naive"),
        .. Of("Gateway.Postgres.Tests", "Clusters", "Conformance", "Figures", "Frontends"),
        .. Of("Gateway.Server.Tests", "Admin", "Approvals", "Credentials", "Edge", "Features", "Fixtures", "InFlight",
            "Interop", "Logs", "Memory", "Money", "Operators", "Processes", "Results", "Shadow",
            "Sliding", "Stdio", "Telemetry", "Tickets"),
    ];

    /// <summary>Folders that are still to go where their types are.</summary>
    private static readonly string[] StillElsewhere =
    [
        .. Of("Gateway.Limits.Tests", "Embedded"),
    ];

    [Fact]
    public void Tests_stand_where_their_types_do() =>
        Offence.AssertNone(MirrorRules.Check(Repository.Sources, [.. Suites, .. StillElsewhere]));

    [Fact]
    public void No_suite_is_listed_that_is_gone() => Offence.AssertNone(
        from suite in (string[])[.. Suites, .. StillElsewhere]
        where !Repository.Sources.Any(file => Repository.IsUnder(file.Path, "tests/" + suite))
        select new Offence(suite, 0, "is gone; take it out of the list"));

    [Theory]
    [InlineData("tests/Gateway.P.Tests/A/OneTests.cs", 0)]
    [InlineData("tests/Gateway.P.Tests/OtherTests.cs", 0)]
    [InlineData("tests/Gateway.P.Tests/A/OtherTests.cs", 0)]
    [InlineData("tests/Gateway.P.Tests/Suite/OneTests.cs", 0)]
    [InlineData("tests/Gateway.Alone.Tests/B/OneTests.cs", 0)]
    [InlineData("tests/Gateway.P.Tests/OneTests.cs", 1)]
    [InlineData("tests/Gateway.P.Tests/B/OtherTests.cs", 1)]
    public void Catches_a_test_that_stands_elsewhere(string path, int offences) => Assert.Equal(
        offences,
        MirrorRules.Check(
            [
                new SourceFile("src/core/Gateway.P/A/One.cs", "namespace Gateway.P.A; class One;"),
                new SourceFile(path, ""),
            ],
            ["Gateway.P.Tests/Suite"]).Count());

    private static IEnumerable<string> Of(string project, params string[] folders) =>
        folders.Select(folder => $"{project}/{folder}");
}
