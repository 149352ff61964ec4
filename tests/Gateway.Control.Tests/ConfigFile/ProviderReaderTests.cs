namespace Gateway.Control.Tests.ConfigFile;

/// <summary>OpenID Connect providers of the configuration file.</summary>
public sealed class ProviderReaderTests
{
    private const string Least = """ "issuer": "https://login.example.com", "clientId": "gw", "clientSecret": "s" """;

    [Fact]
    public void Fills_in_what_is_usual_and_never_shows_the_secret()
    {
        var provider = Assert.Single(Read($$"""{ "company": { {{Least}} } }""").Config!.Providers);

        Assert.Equal(("company", "company", "preferred_username", "groups"),
            (provider.Name, provider.DisplayName, provider.NameClaim, provider.RoleClaim));
        Assert.Equal("openid profile email", string.Join(' ', provider.Scopes));
        Assert.Empty(provider.Roles);
        Assert.Equal("company (https://login.example.com)", provider.ToString());
    }

    [Theory]
    [InlineData("""{ "a b": { LEAST } }""", "/admin/providers/a b", "is not a valid name for a provider")]
    [InlineData("""{ "a": { "issuer": "https://i", "clientId": "c" } }""", "/admin/providers/a", "needs \"clientSecret\"")]
    [InlineData("""{ "a": { "issuer": "http://login.example.com", "clientId": "c", "clientSecret": "s" } }""",
        "/admin/providers/a/issuer", "is not a valid issuer")]
    [InlineData("""{ "a": { LEAST, "roles": { "x": ["boss"] } } }""", "/admin/providers/a/roles/x/0", "not a role")]
    [InlineData("""{ "a": { LEAST, "roles": { "x": ["admin:crm"] } } }""", "/admin/providers/a/roles/x/0", "not a role")]
    [InlineData("""{ "a": { LEAST, "roles": { "x": "admin" } } }""", "/admin/providers/a/roles/x", "an array of roles")]
    [InlineData("""{ "a": { LEAST, "scopes": ["a b"] } }""", "/admin/providers/a/scopes", "at most 16")]
    [InlineData("""{ "a": { LEAST, "roleClaim": "" } }""", "/admin/providers/a/roleClaim", "1 to 256")]
    [InlineData("""{ "a": { LEAST, "displayName": "" } }""", "/admin/providers/a/displayName", "1 to 64")]
    [InlineData("""{ "a": { LEAST, "color": "red" } }""", "/admin/providers/a/color", "color")]
    [InlineData("""{ "a": { LEAST }, "b": { LEAST } }""", "/admin/providers/b/issuer", "have the same issuer")]
    public void A_file_that_would_let_the_wrong_in_is_refused(string providers, string place, string why)
    {
        var problem = Assert.Single(Read(providers.Replace("LEAST", Least, StringComparison.Ordinal)).Problems);

        Assert.Equal(place, problem.Pointer);
        Assert.Contains(why, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void At_most_eight_are_read()
    {
        var nine = string.Join(',', Enumerable.Range(0, ProviderSettings.Max + 1).Select(static i =>
            $$"""
            "p{{i}}": { "issuer": "https://login{{i}}.example.com", "clientId": "gw", "clientSecret": "s" }
            """));

        Assert.Contains("at most 8", Assert.Single(Read($"{{{nine}}}").Problems).Message, StringComparison.Ordinal);
    }

    private static ConfigResult Read(string providers)
    {
        using var folder = new TestFolder("gateway-providers-");
        var path = Path.Combine(folder.Path, "gateway.json");
        File.WriteAllText(path, $$"""{ "admin": { "providers": {{providers}} } }""");
        return ConfigLoader.Load(path, static _ => null);
    }
}
