namespace Gateway.Server.Tests.Commands;

/// <summary>What a hand gets wrong at the verbs that show and change: said in a line, and nothing changes.</summary>
public sealed class ManagementRefusalTests(ManagedGateway gateway) : IClassFixture<ManagedGateway>
{
    [Theory]
    [InlineData(1, "grant", "show", "nobody")]
    [InlineData(1, "grant", "set", "nobody", "--expires", "1d")]
    [InlineData(1, "grant", "rotate", "nobody")]
    [InlineData(1, "grant", "rotate", "filed")]
    [InlineData(1, "grant", "set", "filed", "--expires", "1d")]
    [InlineData(1, "grant", "set", "bot", "--remove-server", "filed")]
    [InlineData(2, "grant", "set", "bot")]
    [InlineData(2, "grant", "set", "bot", "--server", "crm")]
    [InlineData(2, "grant", "set", "bot", "--server", "=one")]
    [InlineData(2, "grant", "set", "bot", "--server", "crm=one", "--server", "crm=two")]
    [InlineData(1, "grant", "set", "bot", "--server", "crm=nothing")]
    [InlineData(2, "grant", "set", "bot", "--remove-server", "crm")]
    [InlineData(2, "grant", "set", "bot", "--expires", "2020-01-01T00:00:00Z")]
    [InlineData(2, "grant", "set", "bot", "--expires", "soon")]
    [InlineData(2, "grant", "set", "bot", "--expires", "")]
    [InlineData(2, "grant", "set", "bot", "--server", "")]
    [InlineData(2, "grant", "show", "")]
    [InlineData(2, "grant", "rotate", "bot", "--overlap", "-1h")]
    [InlineData(2, "grant", "rotate", "bot", "--overlap", "")]
    [InlineData(2, "grant", "rotate", "bot", "--overlap", "366d")]
    [InlineData(2, "grant", "rotate", "bot", "--overlap", "2027-01-01")]
    [InlineData(1, "server", "show", "nowhere")]
    [InlineData(1, "server", "set", "nowhere", "--url", "http://127.0.0.1:9/mcp")]
    [InlineData(1, "server", "set", "filed", "--url", "http://127.0.0.1:9/mcp")]
    [InlineData(2, "server", "set", "crm")]
    [InlineData(2, "server", "set", "crm", "--command", "sh")]
    [InlineData(2, "server", "set", "crm", "--url", "no address")]
    [InlineData(2, "server", "set", "crm", "--header", "X: 1", "--no-headers")]
    [InlineData(2, "server", "set", "crm", "--tool-timeout", "export=soon")]
    [InlineData(2, "server", "set", "crm", "--timeout", "-1")]
    [InlineData(2, "server", "set", "crm", "--replica", "no address")]
    [InlineData(1, "policy", "show", "nothing")]
    [InlineData(1, "policy", "remove", "nothing")]
    [InlineData(1, "policy", "remove", "filed")]
    [InlineData(2, "policy", "list", "--admin-key", "wrong")]
    [InlineData(3, "policy", "list", "--gateway", "http://127.0.0.1:1")]
    public async Task Says_what_is_wrong_and_changes_nothing(int exitCode, params string[] arguments)
    {
        var before = await gateway.StateAsync();

        var run = await gateway.NotWellAsync(exitCode, arguments);

        Assert.NotEqual("", run.Errors.Trim());
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
        Assert.Equal(before, await gateway.StateAsync());
    }
}
