namespace Gateway.Control.Tests.ConfigFile;

public sealed class ConfigChangesTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "oauth": { "issuer": "https://g.example.com" } }""")]
    [InlineData("""{ "oauth": { "issuer": "https://g.example.com", "clients": {} } }""")]
    [InlineData("""{ "oauth": { "clients": { "job": { "secret": "the-former-secret", "grant": "other" } } } }""")]
    public void Shows_no_secret_of_a_client(string before)
    {
        const string After = """
            { "oauth": { "issuer": "https://g.example.com",
                "clients": { "job": { "secret": "the-present-secret", "grant": "bot" } } } }
            """;

        var said = string.Join('\n', ConfigChanges.Between(
            Encoding.UTF8.GetBytes(before), static _ => null, Encoding.UTF8.GetBytes(After), static _ => null));

        Assert.Contains("/oauth", said, StringComparison.Ordinal);
        Assert.DoesNotContain("present-secret", said, StringComparison.Ordinal);
        Assert.DoesNotContain("former-secret", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_changed_alert_rules_and_shows_their_values()
    {
        var before = Encoding.UTF8.GetBytes("""{ "alerts": { "a": { "measure": "calls", "above": 1 } } }""");
        var after = Encoding.UTF8.GetBytes("""
            { "alerts": { "a": { "measure": "calls", "above": 2 }, "b": { "measure": "calls", "above": 3 } } }
            """);

        Assert.Equal(
            ["change /alerts/a/above from 1 to 2", "add /alerts/b"],
            ConfigChanges.Between(before, static _ => null, after, static _ => null));
        Assert.Equal(
            ["alerts/a", "alerts/b"],
            ConfigChanges.Objects(before, static _ => null, after, static _ => null));
        Assert.Equal(["add /alerts/a"], ConfigChanges.Between(
            "{}"u8.ToArray(), static _ => null, before, static _ => null));
    }
}
