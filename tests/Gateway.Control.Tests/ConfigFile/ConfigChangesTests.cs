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
}
