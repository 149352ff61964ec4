namespace Gateway.Server.Tests.Connect;

/// <summary>Whatever stands in any parameter, each endpoint answers, and nobody gets a token unasked.</summary>
public sealed class FuzzTests : IAsyncLifetime
{
    private const int Seed = 20261121;
    private const int Rounds = 60;

    // Below each bound of a minute, of which the smallest is that of registrations.
    private const int RequestsPerMinute = 15;

    private static readonly string[] Names =
    [
        "response_type", "client_id", "redirect_uri", "state", "code_challenge", "code_challenge_method", "resource",
        "scope", "prompt", "grant_type", "code", "code_verifier", "refresh_token", "token", "client_secret",
        "client_assertion", "client_assertion_type", "request", "csrf", "action", "label", "policy", "expires",
        "client_name", "redirect_uris", "token_endpoint_auth_method", "grant_types", "jwks", "jwks_uri", "",
        "__proto__",
    ];

    private static readonly string[] Texts =
    [
        "", " ", "\0", "\u202E", "é", "\uD800", "%00", "%", "+", "null", "[]", "{}", "-1", "1e999", "code", "S256",
        "plain", "authorization_code", "refresh_token", "none", "private_key_jwt", "allow", "javascript:alert(1)",
        "//evil.example",
        "https://client.example.com/callback#", "https://client.example.com@evil.example/", "http://[::1", "data:,x",
        ConnectBench.Redirect, ConnectBench.Resource, ConnectBench.Issuer, "<script>alert(1)</script>",
        "'\"><img src=x>",
        "eyJhbGciOiJub25lIn0.e30.", "a.b.c", "\r\nSet-Cookie: a=b", new string('x', 6000),
    ];

    private readonly JumpingTime _time = new(TimeProvider.System.GetUtcNow(), isStill: true);
    private readonly Random _random = new(Seed);
    private ConnectBench _bench = null!;
    private string _client = "";
    private int _asked;

    public async Task InitializeAsync()
    {
        _bench = await ConnectBench.StartAsync(_time);
        _client = await _bench.RegisterAsync();
        await _bench.SignInAsync();
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Answers_anything_without_an_error_of_its_own_and_without_a_token()
    {
        using var nobody = _bench.NewBrowser();
        for (var round = 0; round < Rounds; round++)
        {
            await HoldsAsync(_bench.Browser, HttpMethod.Get, "/authorize?" + Query(), null);
            await HoldsAsync(nobody, HttpMethod.Get, "/authorize?" + Query(), null);
            await HoldsAsync(_bench.Browser, HttpMethod.Post, "/authorize", Form());
            await HoldsAsync(_bench.Program, HttpMethod.Post, "/token", Form());
            await HoldsAsync(_bench.Program, HttpMethod.Post, "/revoke", Form());
            await HoldsAsync(_bench.Program, HttpMethod.Post, "/register", Json());
            await HoldsAsync(nobody, HttpMethod.Post, "/sign-in", Form());
        }

        Assert.Empty(await _bench.GrantsAsync());
        Assert.Empty(_bench.Forwarded);
    }

    private async Task HoldsAsync(HttpClient client, HttpMethod method, string path, HttpContent? content)
    {
        if (++_asked % RequestsPerMinute == 0)
            _time.Jump(TimeSpan.FromMinutes(2));
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        var said = $"{method} {path} of seed {Seed}, request {_asked}: {(int)answer.StatusCode} {text}";
        Assert.True((int)answer.StatusCode < 500, said);
        Assert.False(text.Contains("access_token", StringComparison.Ordinal), said);
        Assert.False(text.Contains("<script>alert", StringComparison.Ordinal), said);
        Assert.False(text.Contains("code=pgc", StringComparison.Ordinal), said);
        Assert.DoesNotContain(
            "code=", answer.Headers.Location?.OriginalString ?? "", StringComparison.Ordinal);
    }

    /// <summary>What a client would ask, with some parameters changed, left out or doubled, or others added.</summary>
    private List<KeyValuePair<string, string>> Parameters()
    {
        var pkce = new Pkce();
        List<KeyValuePair<string, string>> all =
        [
            new("response_type", "code"), new("client_id", _client), new("redirect_uri", ConnectBench.Redirect),
            new("state", "s"), new("code_challenge", pkce.Challenge), new("code_challenge_method", "S256"),
            new("resource", ConnectBench.Resource), new("grant_type", "authorization_code"),
            new("code", "guessed"), new("code_verifier", pkce.Verifier), new("token", "pgr_guessed"),
        ];
        for (var changes = _random.Next(1, 5); changes > 0; changes--)
        {
            var at = _random.Next(all.Count);
            var text = Texts[_random.Next(Texts.Length)];
            switch (_random.Next(4))
            {
                case 0:
                    all.RemoveAt(at);
                    break;
                case 1:
                    all[at] = new(all[at].Key, text);
                    break;
                case 2:
                    all.Add(new(all[at].Key, text));
                    break;
                default:
                    all.Add(new(Names[_random.Next(Names.Length)], text));
                    break;
            }
        }

        return all;
    }

    private FormUrlEncodedContent Form() => new(Parameters());

    private string Query() => string.Join('&', Parameters().Select(
        static one => $"{Uri.EscapeDataString(one.Key)}={Uri.EscapeDataString(one.Value)}"));

    private StringContent Json()
    {
        var body = new JsonObject { ["redirect_uris"] = new JsonArray(ConnectBench.Redirect) };
        for (var changes = _random.Next(1, 5); changes > 0; changes--)
        {
            var text = Texts[_random.Next(Texts.Length)];
            body[Names[_random.Next(Names.Length)]] = _random.Next(5) switch
            {
                0 => new JsonArray(text, text),
                1 => new JsonObject { [text.Replace('\uD800', 'x')] = text },
                2 => _random.Next(),
                3 => null,
                _ => text,
            };
        }

        var json = body.ToJsonString();
        // Now and then it ends too early.
        return new StringContent(
            _random.Next(8) == 0 ? json[..(json.Length / 2)] : json, new MediaTypeHeaderValue("application/json"));
    }
}
