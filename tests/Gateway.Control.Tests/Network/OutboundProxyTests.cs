using Gateway.Control.Network;

namespace Gateway.Control.Tests.Network;

/// <summary>A proxy is no way around the addresses that a rule allows.</summary>
public class OutboundProxyTests
{
    private const string Public = "203.0.113.5";
    private static readonly Uri Target = new("https://crm.example.com:8443/mcp");

    [Fact]
    public async Task Open_sends_the_checked_address_in_CONNECT_and_resolves_once()
    {
        await using var target = RawServer.Saying("hello");
        await using var proxy = new TunnelProxy();
        using var name = new RebindingName("10.1.2.3", "169.254.169.254");
        var connector = new OutboundConnector([], name.ResolveAsync);

        await using var stream = await connector.OpenAsync(
            At(target), AddressRule.Registered, new OutboundProxy(proxy.Url), default);

        Assert.Equal($"CONNECT 10.1.2.3:{target.Url.Port} HTTP/1.1\r\nHost: 10.1.2.3:{target.Url.Port}\r\n\r\n",
            Assert.Single(proxy.Heads));
        Assert.Equal(1, name.Resolutions);
    }

    [Theory]
    [InlineData("169.254.169.254", AddressRule.Registered)]
    [InlineData("fd00:ec2::254", AddressRule.Registered)]
    [InlineData("10.0.0.1", AddressRule.Public)]
    [InlineData("127.0.0.1", AddressRule.Public)]
    public async Task Open_through_a_proxy_refuses_an_address_that_the_rule_refuses(string address, AddressRule rule)
    {
        await using var proxy = new TunnelProxy();
        using var name = new RebindingName(address);

        await Assert.ThrowsAsync<AddressRefusedException>(() => OpenAsync(
            new OutboundConnector([], name.ResolveAsync), Target, rule, new OutboundProxy(proxy.Url)));

        Assert.Empty(proxy.Heads);
    }

    [Fact]
    public async Task Open_sends_the_name_only_where_the_operator_lets_the_proxy_resolve()
    {
        await using var target = RawServer.Saying("hello");
        await using var proxy = new TunnelProxy();
        using var name = new RebindingName("169.254.169.254");
        var connector = new OutboundConnector([], name.ResolveAsync);

        await using var stream = await connector.OpenAsync(
            At(target), AddressRule.Registered, new OutboundProxy(proxy.Url, Resolves: true), default);

        Assert.Equal([$"crm.example.com:{target.Url.Port}"], proxy.Targets);
        Assert.Equal(0, name.Resolutions);
    }

    [Theory]
    [InlineData("https://169.254.169.254/", AddressRule.Registered)]
    [InlineData("https://[fd00:ec2::254]/", AddressRule.Registered)]
    [InlineData("https://intranet.example.com/", AddressRule.Public)]
    public async Task Open_checks_an_address_and_a_name_of_a_stranger_though_the_proxy_resolves(
        string url, AddressRule rule)
    {
        await using var proxy = new TunnelProxy();
        var connector = new OutboundConnector([], static (host, _) => Task.FromResult<IPAddress[]>(
            [IPAddress.TryParse(host, out var address) ? address : IPAddress.Parse("10.0.0.1")]));

        await Assert.ThrowsAsync<AddressRefusedException>(() => OpenAsync(
            connector, new Uri(url), rule, new OutboundProxy(proxy.Url, Resolves: true)));

        Assert.Empty(proxy.Heads);
    }

    [Theory]
    [InlineData("localhost", false)]
    [InlineData("localhost.", true)]
    [InlineData("crm.localhost", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("[::ffff:127.0.0.1]", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("resolves-to-loopback.example.com", false)]
    public async Task Open_reaches_this_machine_without_a_proxy(string host, bool proxyResolves)
    {
        await using var target = RawServer.Saying("hello");
        await using var proxy = new TunnelProxy();
        var connector = new OutboundConnector(
            [], static (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]),
            EnvironmentProxies.Read(_ => proxy.Url.ToString()));

        await using var stream = await connector.OpenAsync(
            new Uri($"http://{host}:{target.Url.Port}/"), AddressRule.Registered,
            new OutboundProxy(proxy.Url, proxyResolves), default);

        await stream.WriteAsync("GET / HTTP/1.1\r\nHost: target\r\n\r\n"u8.ToArray());
        var text = new byte[5];
        await stream.ReadExactlyAsync(text);
        Assert.Equal(("hello", 0), (Encoding.ASCII.GetString(text), proxy.Heads.Count));
    }

    [Theory]
    [InlineData("https://127.9.8.7/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[::]/")]
    [InlineData("https://LOCALHOST/")]
    [InlineData("https://2130706433/")]
    public void No_proxy_is_used_for_an_address_of_this_machine(string url) => Assert.Null(
        OutboundConnector.Default.ProxyFor(new Uri(url), new OutboundProxy(new Uri("http://proxy:3128"), true)));

    [Fact]
    public async Task Open_tries_the_next_address_where_the_proxy_could_not_reach_the_first()
    {
        await using var target = RawServer.Saying("hello");
        await using var proxy = new TunnelProxy(static target =>
            target.StartsWith(Public, StringComparison.Ordinal) ? "HTTP/1.1 504 Gateway Timeout\r\n\r\n" : null);
        var connector = new OutboundConnector([], static (_, _) => Task.FromResult<IPAddress[]>(
            [IPAddress.Parse(Public), IPAddress.Loopback, IPAddress.Parse("2001:4860::8")]));

        await using var stream = await connector.OpenAsync(
            At(target), AddressRule.Registered, new OutboundProxy(proxy.Url), default);

        Assert.Equal([$"{Public}:{target.Url.Port}", $"[2001:4860::8]:{target.Url.Port}"], proxy.Targets);
    }

    [Theory]
    [InlineData("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "requires credentials other than those given "
        + "(407)")]
    [InlineData("HTTP/1.1 403 Forbidden\r\n\r\n", "does not allow this target (403)")]
    [InlineData("HTTP/1.1 502 Bad Gateway\r\n\r\n", "could not reach the target (502)")]
    [InlineData("HTTP/1.1 302 Found\r\n\r\n", "replied with 302")]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n\r\n", "not HTTP/1.1")]
    [InlineData("HTTP/1.1 200 OK\r\n", "closed the connection")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n", "sent data before the first request")]
    public async Task Open_says_why_the_proxy_opened_no_tunnel(string reply, string said)
    {
        await using var proxy = new TunnelProxy(_ => reply);
        var connector = new OutboundConnector(
            [], static (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(Public)]));
        var withPassword = new Uri($"http://gw:p%40ss@{proxy.Url.Authority}");

        var refused = await Assert.ThrowsAsync<ProxyException>(
            () => OpenAsync(connector, Target, AddressRule.Registered, new OutboundProxy(withPassword)));

        Assert.StartsWith(
            $"the proxy {proxy.Url.ToString().TrimEnd('/')} opened no connection to {Public}:8443: ", refused.Message);
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("p%40ss", refused.Message, StringComparison.Ordinal);
        Assert.Contains(
            $"Proxy-Authorization: Basic {Convert.ToBase64String("gw:p@ss"u8)}\r\n", Assert.Single(proxy.Heads));
    }

    [Fact]
    public async Task Open_refuses_a_proxy_at_a_metadata_address()
    {
        var connector = new OutboundConnector(
            [], static (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("169.254.169.254")]));

        var refused = await Assert.ThrowsAsync<AddressRefusedException>(() => OpenAsync(
            connector, Target, AddressRule.Registered,
            new OutboundProxy(new Uri("http://proxy.example.com:80"), Resolves: true)));

        Assert.StartsWith("proxy.example.com resolves to 169.254.169.254", refused.Message);
    }

    [Theory]
    [InlineData("https://crm.example.com/", "", "http://secure:1/")]
    [InlineData("http://crm.example.com/", "", "http://plain:2/")]
    [InlineData("https://crm.example.com/", "*", null)]
    [InlineData("https://crm.example.com/", "crm.example.com", null)]
    [InlineData("https://CRM.example.com/", "Example.com", null)]
    [InlineData("https://crm.example.com/", ".example.com", null)]
    [InlineData("https://crm.example.com/", "*.example.com", null)]
    [InlineData("https://crm.example.com/", "other.com, example.com", null)]
    [InlineData("https://notexample.com/", "example.com", "http://secure:1/")]
    [InlineData("https://crm.example.com:8443/", "example.com:8443", null)]
    [InlineData("https://crm.example.com/", "example.com:8443", "http://secure:1/")]
    [InlineData("https://10.1.2.3/", "10.0.0.0/8", null)]
    [InlineData("https://11.1.2.3/", "10.0.0.0/8", "http://secure:1/")]
    [InlineData("https://[2001:db8::7]/", "2001:db8::/32", null)]
    [InlineData("https://[2001:db8::7]/", "2001:db8::7", null)]
    [InlineData("https://[2001:db8::7]:8443/", "[2001:db8::7]:8443", null)]
    [InlineData("https://crm.example.com/", ",", "http://secure:1/")]
    public void The_environment_names_the_proxy(string target, string direct, string? proxy)
    {
        var proxies = EnvironmentProxies.Read(name => name switch
        {
            "HTTPS_PROXY" => "http://ignored:9",
            "https_proxy" => "secure:1",
            "HTTP_PROXY" => "http://plain:2",
            "NO_PROXY" => direct,
            _ => null,
        });

        Assert.Equal(proxy, proxies.For(new Uri(target))?.ToString());
    }

    [Theory]
    [InlineData("socks5://proxy:1080")]
    [InlineData("https://u:secret@proxy:3128")]
    [InlineData("http://proxy:3128/path")]
    public void A_proxy_of_the_environment_that_cannot_be_used_is_an_error_without_its_password(string value)
    {
        var error = Assert.Throws<InvalidOperationException>(
            () => EnvironmentProxies.Read(name => name == "HTTPS_PROXY" ? value : null));

        Assert.StartsWith("HTTPS_PROXY in the environment does not name a usable HTTP proxy", error.Message);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Proxies_with_other_credentials_are_not_equal()
    {
        var one = new OutboundProxy(new Uri("http://u:one@proxy:3128"));

        Assert.NotEqual(one, new OutboundProxy(new Uri("http://u:two@proxy:3128")));
        Assert.DoesNotContain("one", one.ToString(), StringComparison.Ordinal);
    }

    private static Uri At(RawServer server) => new($"http://crm.example.com:{server.Url.Port}/mcp");

    private static async Task OpenAsync(
        OutboundConnector connector, Uri target, AddressRule rule, OutboundProxy proxy)
    {
        await using var stream = await connector.OpenAsync(target, rule, proxy, default);
    }
}
