namespace Gateway.Server.Tests.Operators;

/// <summary>Keys of providers: rotation, and how often they are fetched.</summary>
public sealed class ProviderKeyTests : IAsyncLifetime
{
    private const string Start = "/api/v1/session/providers/company";
    private readonly JumpingTime _time = new(TimeProvider.System.GetUtcNow(), isStill: true);
    private OpenIdProvider _provider = null!;
    private AdminBench _bench = null!;

    public async Task InitializeAsync()
    {
        _provider = await OpenIdProvider.StartAsync();
        _bench = await AdminBench.StartAsync($$"""
            { "admin": { "providers": { "company": { "issuer": "{{_provider.Issuer}}",
              "clientId": "{{OpenIdProvider.ClientId}}", "clientSecret": "{{OpenIdProvider.ClientSecret}}",
              "roles": { "*": ["viewer"] } } } } }
            """, _time);
    }

    public async Task DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task Sign_in_fetches_the_keys_once()
    {
        Assert.Equal((303, 303), (await SignInAsync(), await SignInAsync()));

        Assert.Equal(1, _provider.KeysAsked);
    }

    [Fact]
    public async Task Sign_in_fetches_the_discovery_document_again_after_more_than_an_hour()
    {
        await BeginAsync();
        _time.Jump(TimeSpan.FromHours(1));
        await BeginAsync();
        Assert.Equal(1, _provider.Discoveries);

        _time.Jump(TimeSpan.FromSeconds(1));
        await BeginAsync();
        Assert.Equal(2, _provider.Discoveries);
    }

    [Theory]
    [InlineData("no kid")]
    [InlineData("right azp")]
    [InlineData("skewed")]
    public async Task Sign_in_accepts_a_valid_token_of_another_form(string form)
    {
        _provider.Fault = form;

        Assert.Equal(303, await SignInAsync());
    }

    [Fact]
    public async Task Sign_in_after_a_key_rotation_fetches_the_keys_again_after_a_minute()
    {
        Assert.Equal(303, await SignInAsync());
        _provider.RotateKey();

        Assert.Equal((502, 1), (await SignInAsync(), _provider.KeysAsked));
        _time.Jump(TimeSpan.FromMinutes(1));
        Assert.Equal((303, 2), (await SignInAsync(), _provider.KeysAsked));
    }

    [Theory]
    [InlineData("unknown key")]
    [InlineData("other key")]
    [InlineData("changed")]
    public async Task Sign_in_with_forged_tokens_fetches_the_keys_at_most_once_a_minute(string fault)
    {
        Assert.Equal(303, await SignInAsync());
        _provider.Fault = fault;

        for (var minute = 1; minute <= 3; minute++)
        {
            _time.Jump(TimeSpan.FromMinutes(1));
            for (var i = 0; i < 10; i++)
                Assert.Equal(502, await SignInAsync());
            Assert.Equal(1 + minute, _provider.KeysAsked);
        }

        _provider.Fault = null;
        Assert.Equal(303, await SignInAsync());
    }

    private async Task<int> SignInAsync()
    {
        using var browser = Browser();
        var location = await BeginAsync(browser);
        using var plain = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
        using var back = await plain.GetAsync(location);
        using var end = await browser.GetAsync(back.Headers.Location);
        return (int)end.StatusCode;
    }

    private HttpClient Browser() => new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
    {
        BaseAddress = new Uri(_bench.Host.Addresses[0]),
    };

    private async Task BeginAsync()
    {
        using var browser = Browser();
        await BeginAsync(browser);
    }

    private static async Task<Uri?> BeginAsync(HttpClient browser)
    {
        using var begun = await browser.GetAsync(Start);
        Assert.Equal(HttpStatusCode.SeeOther, begun.StatusCode);
        return begun.Headers.Location;
    }
}
