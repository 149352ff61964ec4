namespace Gateway.Tidy.Tests.Architecture;

/// <summary>Where tests stand.</summary>
public sealed class MirrorTests
{
    [Fact]
    public void Tests_stand_where_their_types_do() => Offence.AssertNone(MirrorRules.Check(Repository.Sources));

    [Fact]
    public void Every_kind_of_suite_has_one() => Offence.AssertNone(
        from suite in MirrorRules.Suites
        where !Repository.Sources.Any(file =>
            Repository.IsUnder(file.Path, "tests") && file.Path.Contains($"/{suite}/", StringComparison.Ordinal))
        select new Offence(suite, 0, "has no suite; take it out of the kinds"));

    [Theory]
    [InlineData("tests/Gateway.P.Tests/A/OneTests.cs", 0)]
    [InlineData("tests/Gateway.P.Tests/OtherTests.cs", 0)]
    [InlineData("tests/Gateway.P.Tests/A/OtherTests.cs", 0)]
    [InlineData("tests/Gateway.P.Tests/Costs/OtherTests.cs", 0)]
    [InlineData("tests/Gateway.Alone.Tests/B/OneTests.cs", 0)]
    [InlineData("tests/Gateway.Host.Tests/Whatever/OtherTests.cs", 0)]
    [InlineData("tests/Gateway.P.Tests/OneTests.cs", 1)]
    [InlineData("tests/Gateway.P.Tests/B/OtherTests.cs", 1)]
    [InlineData("tests/Gateway.P.Tests/Costs/OneTests.cs", 1)]
    [InlineData("tests/Gateway.Host.Tests/Whatever/TwoTests.cs", 1)]
    public void Catches_a_test_that_stands_elsewhere(string path, int offences) => Assert.Equal(
        offences,
        MirrorRules.Check(
            [
                new SourceFile("src/core/Gateway.P/A/One.cs", "namespace Gateway.P.A; class One;"),
                new SourceFile("src/hosts/Gateway.Host/Verbs/Two.cs", "namespace Gateway.Host.Verbs; class Two;"),
                new SourceFile("src/hosts/Gateway.Host/Program.cs", ""),
                new SourceFile(path, ""),
            ]).Count());
}
