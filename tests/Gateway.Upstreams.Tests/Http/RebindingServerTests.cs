using Gateway.Control.Network;
using Gateway.Proxy.Upstreams.Connections;
using Gateway.Proxy.Upstreams.Credentials;

namespace Gateway.Upstreams.Tests.Http;

/// <summary>Servers and authorization servers whose names change their addresses.</summary>
public class RebindingServerTests
{
    [Fact]
    public async Task Send_to_a_server_that_resolves_to_a_metadata_address_says_so_and_connects_to_nothing()
    {
        using var name = new RebindingName("169.254.169.254", "127.0.0.1");
        await using var upstream = new HttpUpstream(new HttpUpstreamOptions
        {
            Url = new Uri($"http://{RebindingName.Host}:{name.Port}/mcp"),
            Connector = new OutboundConnector([], name.ResolveAsync),
        });

        var error = await Assert.ThrowsAsync<UpstreamException>(
            () => upstream.SendAsync(UpstreamFixture.Post(), default));

        Assert.Equal((UpstreamFailure.Connect, false), (error.Failure, error.WasWritten));
        Assert.Contains("--allow-address 169.254.169.254", error.Message, StringComparison.Ordinal);
        Assert.Equal((1, 0), (name.Resolutions, name.Connections));
    }

    [Fact]
    public async Task Send_to_a_server_at_a_private_address_works()
    {
        await using var server = await LoopbackServer.StartAsync(static context => Task.CompletedTask);
        await using var upstream = new HttpUpstream(new HttpUpstreamOptions
        {
            Url = new Uri($"http://{RebindingName.Host}:{server.Url.Port}/"),
            Connector = new OutboundConnector([], static (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback])),
        });

        using var answer = await upstream.SendAsync(UpstreamFixture.Post(), default);

        Assert.Equal(200, answer.StatusCode);
    }

    /// <summary>An authorization server that only the MCP server named must be public.</summary>
    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("8.8.8.8", "127.0.0.1")]
    [InlineData("169.254.169.254", "127.0.0.1")]
    public async Task Token_request_to_a_name_that_the_server_named_reaches_nothing_private(string first, string then)
    {
        using var name = new RebindingName(first, then);
        using var http = new OAuthHttp(
            new Uri("https://mcp.example.com/mcp"), isPinned: false,
            new ServerEgress(new OutboundConnector([], name.ResolveAsync)), TimeProvider.System);
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await Assert.ThrowsAnyAsync<Exception>(
            () => http.GetAsync(new Uri($"https://{RebindingName.Host}:{name.Port}/token"), limit.Token));

        Assert.Equal((1, 0), (name.Resolutions, name.Connections));
    }

    [Fact]
    public async Task Token_request_to_a_pinned_issuer_reaches_a_private_address_and_no_metadata_address()
    {
        using var name = new RebindingName("127.0.0.1", "169.254.169.254");
        using var http = new OAuthHttp(
            new Uri("https://mcp.example.com/mcp"), isPinned: true,
            new ServerEgress(new OutboundConnector([], name.ResolveAsync)), TimeProvider.System);
        var url = new Uri($"https://{RebindingName.Host}:{name.Port}/token");

        await Assert.ThrowsAsync<OAuthException>(() => http.GetAsync(url, default));
        var refused = await Assert.ThrowsAsync<OAuthException>(() => http.GetAsync(url, default));

        Assert.Contains("--allow-address", refused.Message, StringComparison.Ordinal);
        Assert.Equal((2, 1), (name.Resolutions, name.Connections));
    }
}
