using Gateway.Admin.Identity.OAuth.AuthorizationServer;
using Gateway.Server.Tests.Connect;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Server.Tests.Edge;

/// <summary>The client's address behind reverse proxies: its limits and its records.</summary>
public sealed class TrustedProxyTests : IAsyncLifetime
{
    private const string Attacker = "127.0.0.2";
    private const string Other = "127.0.0.3";
    private const string Rejected = "{}";
    private const string Valid = """{"redirect_uris":["https://client.example.com/callback"]}""";

    // Nothing becomes free again during a test, however slow the machine is.
    private readonly JumpingTime _time = new(TimeProvider.System.GetUtcNow(), isStill: true);
    private ConnectBench _bench = null!;

    public async Task InitializeAsync()
    {
        _bench = await ConnectBench.StartAsync(
            _time, more: """, "trustedProxies": ["127.0.0.1", "10.0.0.0/8", "2001:db8:ffff::/48"]""");
        OAuth.SlowedWaitMax = TimeSpan.Zero;
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    private OAuthServerOptions OAuth => _bench.Gateway.Host.Services.GetRequiredService<OAuthServerOptions>();

    [NginxFact]
    public async Task Flood_through_nginx_locks_out_no_other_client()
    {
        await using var nginx = await NginxProcess.StartAsync(_bench.Gateway.Address);
        using var attacker = AddressedClient.Create(nginx.Address, Attacker);
        using var other = AddressedClient.Create(nginx.Address, Other);

        var rejected = await RepeatAsync(20, () => RegisterAsync(attacker, Rejected));
        var registered = await RepeatAsync(22, () => RegisterAsync(attacker, Valid));
        var asked = await RepeatAsync(132, () => GetAsync(attacker, "/authorize"));

        Assert.Equal(Enumerable.Repeat(400, 20), rejected);
        Assert.Equal([.. Enumerable.Repeat(201, 21), 429], registered);
        Assert.Equal([.. Enumerable.Repeat(400, 130), 429, 429], asked);
        Assert.Equal(400, await RegisterAsync(other, Rejected));
        Assert.Equal(201, await RegisterAsync(other, Valid));
        Assert.Equal(400, await GetAsync(other, "/authorize"));
        Assert.Equal(200, await GetAsync(other, "/sign-in"));
    }

    [NginxFact]
    public async Task Flood_locks_out_nobody_who_shares_its_address()
    {
        await using var nginx = await NginxProcess.StartAsync(_bench.Gateway.Address);
        using var shared = AddressedClient.Create(nginx.Address, Attacker);
        var client = await _bench.RegisterAsync();

        Assert.Equal(400, (await RepeatAsync(20, () => RegisterAsync(shared, Rejected)))[^1]);
        Assert.Equal(429, (await RepeatAsync(132, () => GetAsync(shared, "/authorize")))[^1]);

        Assert.Equal(201, await RegisterAsync(shared, Valid));
        Assert.Equal(200, await GetAsync(shared, ConnectBench.Question(client, new Pkce())));
        Assert.Equal(200, await GetAsync(shared, "/sign-in"));
    }

    [Fact]
    public async Task Flood_of_tokens_of_unknown_clients_locks_out_no_registered_client_and_no_signed_in_operator()
    {
        OAuth.TokensPerMinute = 12;
        OAuth.AuthorizationsPerMinute = 12;
        var (client, _, refresh) = await _bench.ConnectAsync();

        var unknown = await RepeatAsync(14, async () => (await _bench.RefreshAsync("unknown", "none")).Status);
        var anonymous = await RepeatAsync(14, async () => await PageAsync(_bench.Program, "/sign-in"));

        Assert.Equal([.. Enumerable.Repeat(401, 13), 429], unknown);
        Assert.Equal([.. Enumerable.Repeat(200, 11), 429, 429, 429], anonymous);
        Assert.Equal(200, (await _bench.RefreshAsync(client, refresh)).Status);
        Assert.Equal(200, await PageAsync(_bench.Browser, "/sign-in"));
    }

    [Fact]
    public async Task Request_beyond_its_share_is_slowed_down_rather_than_refused()
    {
        OAuth.RegistrationsPerMinute = 1;
        OAuth.SlowedWaitMax = TimeSpan.FromSeconds(30);

        Assert.Equal([201, 201], await RepeatAsync(2, () => RegisterAsync(_bench.Program, Valid)));
        var slowed = RegisterAsync(_bench.Program, Valid);
        _time.Jump(TimeSpan.FromSeconds(10));

        Assert.Equal(201, await slowed);
    }

    [Fact]
    public async Task Addresses_of_one_IPv6_network_share_their_limit()
    {
        OAuth.RegistrationsPerMinute = 1;

        Assert.Equal(201, await RegisterAsync(_bench.Program, Valid, "2001:db8:1:2::1"));
        Assert.Equal(201, await RegisterAsync(_bench.Program, Valid, "2001:db8:1:2:ffff::2"));
        Assert.Equal(429, await RegisterAsync(_bench.Program, Valid, "2001:db8:1:2:3::3"));
        Assert.Equal(201, await RegisterAsync(_bench.Program, Valid, "2001:db8:1:3::1"));
    }

    [Theory]
    [InlineData("203.0.113.9", "203.0.113.9", "127.0.0.1")]
    [InlineData("198.51.100.1, 203.0.113.9", "203.0.113.9", "127.0.0.1")]
    [InlineData("not-an-address, 203.0.113.9", "203.0.113.9", "127.0.0.1")]
    [InlineData("203.0.113.9, 10.1.2.3", "203.0.113.9", "127.0.0.1")]
    [InlineData("203.0.113.9:4711", "203.0.113.9", "127.0.0.1")]
    [InlineData("2001:db8::7", "2001:db8::7", "127.0.0.1")]
    [InlineData("[2001:db8::7]:443, 2001:db8:ffff::1", "2001:db8::7", "127.0.0.1")]
    [InlineData("10.1.2.3", "10.1.2.3", "127.0.0.1")]
    [InlineData("not-an-address", "127.0.0.1", null)]
    [InlineData("not-an-address, 10.1.2.3", "127.0.0.1", null)]
    [InlineData("203.0.113.9, unknown, 10.1.2.3", "127.0.0.1", null)]
    [InlineData("", "127.0.0.1", null)]
    public async Task Records_have_the_rightmost_hop_that_is_not_trusted_and_the_peer(
        string forwarded, string from, string? via)
    {
        await ChangeAsync(_bench.Program, "X-Forwarded-For", forwarded);

        Assert.Equal((from, via), LastChange());
    }

    [Fact]
    public async Task Forged_header_of_an_untrusted_peer_is_ignored()
    {
        using var client = AddressedClient.Create(_bench.Gateway.Address, Attacker);

        await ChangeAsync(client, "X-Forwarded-For", "203.0.113.9");

        Assert.Equal((Attacker, null), LastChange());
    }

    [NginxFact]
    public async Task Forged_header_through_nginx_counts_for_nothing()
    {
        await using var nginx = await NginxProcess.StartAsync(_bench.Gateway.Address);
        using var client = AddressedClient.Create(nginx.Address, Attacker);

        await ChangeAsync(client, "X-Forwarded-For", "203.0.113.9");

        Assert.Equal((Attacker, "127.0.0.1"), LastChange());
    }

    [Fact]
    public async Task Forwarded_host_of_a_trusted_proxy_is_ignored()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/sign-in");
        request.Headers.Add("X-Forwarded-Host", "evil.example.com");
        using var answer = await _bench.Program.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Variable_that_trusts_everybody_in_other_hosts_is_ignored()
    {
        using var folder = new TestFolder();
        var config = folder.File("gateway.json", $$"""{ "admin": { "key": "{{TestTokens.Agent}}" } }""");
        await using var gateway = await GatewayProcess.StartAsync(
            config, Path.Combine(folder.Path, "data"),
            new Dictionary<string, string> { ["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true" });
        using var client = AddressedClient.Create(gateway.Address, "127.0.0.1");

        var status = await PutPolicyAsync(client, TestTokens.Agent, "X-Forwarded-For", "203.0.113.9");
        Assert.True((int)status is 200 or 201);

        var change = AuditTrail.Read(Path.Combine(folder.Path, "data", "audit"))
            .Last(static record => record.GetProperty("kind").GetString() == "change");
        Assert.Equal("127.0.0.1", change.GetProperty("from").GetString());
    }

    private static async Task<List<int>> RepeatAsync(int times, Func<Task<int>> send)
    {
        var statuses = new List<int>();
        for (var i = 0; i < times; i++)
            statuses.Add(await send());
        return statuses;
    }

    private static async Task<int> PageAsync(HttpClient client, string path) =>
        (await ConnectBench.PageAsync(client, path)).Status;

    private static async Task<int> GetAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        return (int)answer.StatusCode;
    }

    private static async Task<int> RegisterAsync(HttpClient client, string body, string? forwarded = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/register")
        {
            Content = new StringContent(body, new MediaTypeHeaderValue("application/json")),
        };
        if (forwarded is not null)
            request.Headers.Add("X-Forwarded-For", forwarded);
        using var answer = await client.SendAsync(request);
        return (int)answer.StatusCode;
    }

    private async Task ChangeAsync(HttpClient client, string header, string value) =>
        Assert.True((int)await PutPolicyAsync(client, _bench.Gateway.AdminKey, header, value) is 200 or 201);

    private static async Task<HttpStatusCode> PutPolicyAsync(
        HttpClient client, string key, string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/v1/policies/forwarded")
        {
            Content = new StringContent(
                """{"version":"1","default":"deny"}""", new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        request.Headers.TryAddWithoutValidation(header, value);
        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }

    private (string? From, string? Via) LastChange()
    {
        var change = _bench.Gateway.AuditRecords()
            .Last(static record => record.GetProperty("kind").GetString() == "change");
        return (change.GetProperty("from").GetString(),
            change.TryGetProperty("via", out var via) ? via.GetString() : null);
    }
}
