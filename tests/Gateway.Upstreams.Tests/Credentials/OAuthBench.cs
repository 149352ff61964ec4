using Gateway.Control.Definitions;

namespace Gateway.Upstreams.Tests.Credentials;

/// <summary>A server that asks for tokens, the authorization server that gives them, what each was sent.</summary>
internal sealed class OAuthBench : IAsyncDisposable
{
    public const string Secret = "s3cret &+%:";

    private readonly ConcurrentDictionary<string, byte> _revoked = new();
    private LoopbackServer _server = null!;
    private LoopbackServer _authority = null!;
    private int _issued;

    public FakeTimeProvider Time { get; } = new();

    public Uri Url => new(_server.Url, "/mcp");

    /// <summary>How the authorization server calls itself.</summary>
    public string Issuer => _authority.Url.ToString().TrimEnd('/') + IssuerPath;

    public string IssuerPath { get; set; } = "";

    /// <summary>What the well-known places hold; <c>ISSUER</c>, <c>AUTHORITY</c> and <c>URL</c> are replaced.</summary>
    public Dictionary<string, string> Documents { get; } = new()
    {
        ["/.well-known/oauth-protected-resource/mcp"] =
            """{ "resource": "URL", "authorization_servers": ["ISSUER"], "scopes_supported": ["a", "b"] }""",
        ["/.well-known/oauth-authorization-server"] = """{ "issuer": "ISSUER", "token_endpoint": "AUTHORITY/token" }""",
    };

    /// <summary>The challenge of the server's 401.</summary>
    public string Challenge { get; set; } = "Bearer error=\"invalid_token\"";

    /// <summary>False if the server has no streams, so that it does not check the token of a GET.</summary>
    public bool HasStreams { get; set; } = true;

    /// <summary>The token endpoint's answer; <c>TOKEN</c> is replaced.</summary>
    public string TokenAnswer { get; set; } =
        """{ "access_token": "TOKEN", "token_type": "bearer", "expires_in": 100 }""";

    public int TokenStatus { get; set; } = 200;

    /// <summary>The token endpoint responds once this has completed.</summary>
    public Task TokenReleased { get; set; } = Task.CompletedTask;

    /// <summary>Forms that reached the token endpoint, with the header Authorization.</summary>
    public ConcurrentQueue<(Dictionary<string, string> Form, string Authorization)> Asked { get; } = new();

    /// <summary>The header Authorization of each message that reached the server.</summary>
    public ConcurrentQueue<string> Seen { get; } = new();

    /// <summary>Every path that was asked for but the server's own.</summary>
    public ConcurrentQueue<string> Paths { get; } = new();

    public static async Task<OAuthBench> StartAsync()
    {
        var bench = new OAuthBench();
        bench._server = await LoopbackServer.StartAsync(bench.ServeAsync);
        bench._authority = await LoopbackServer.StartAsync(bench.AuthorizeAsync);
        return bench;
    }

    public HttpUpstream Upstream(
        string? issuer = null, string? scope = null, string? exchange = null, string? audience = null) => new(
        new HttpUpstreamOptions
        {
            Url = Url,
            OAuth = new OAuthClientOptions("id:1", Secret, scope, issuer) { Exchange = exchange, Audience = audience },
        },
        Time, null, null, Microsoft.Extensions.Logging.Abstractions.NullLogger<HttpUpstream>.Instance);

    public static async Task<int> CallAsync(HttpUpstream upstream)
    {
        using var answer = await upstream.SendAsync(UpstreamFixture.Post(), default);
        return answer.StatusCode;
    }

    /// <summary>Why a call was not sent.</summary>
    public static async Task<string> RefusalAsync(HttpUpstream upstream)
    {
        var e = await Assert.ThrowsAsync<UpstreamException>(() => CallAsync(upstream));
        Assert.Equal((UpstreamFailure.NoCredential, false), (e.Failure, e.WasWritten));
        Assert.DoesNotContain("s3cret", e.ToString(), StringComparison.Ordinal);
        return e.Message;
    }

    public void Revoke(string token) => _revoked[$"Bearer {token}"] = 0;

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _authority.DisposeAsync();
    }

    private Task ServeAsync(HttpContext http)
    {
        if (http.Request.Path != "/mcp")
            return DocumentAsync(http);
        var authorization = http.Request.Headers.Authorization.ToString();
        if (http.Request.Method == "POST")
            Seen.Enqueue(authorization);
        if (authorization.StartsWith("Bearer token-", StringComparison.Ordinal) && !_revoked.ContainsKey(authorization))
            return http.Response.WriteAsync("{}");
        http.Response.StatusCode = HasStreams || http.Request.Method == "POST" ? 401 : 405;
        if (http.Response.StatusCode == 405)
            return Task.CompletedTask;
        http.Response.Headers.WWWAuthenticate = Challenge;
        return Task.CompletedTask;
    }

    private async Task AuthorizeAsync(HttpContext http)
    {
        if (http.Request.Path != "/token")
        {
            await DocumentAsync(http);
            return;
        }

        var form = await http.Request.ReadFormAsync();
        Asked.Enqueue((
            form.ToDictionary(static pair => pair.Key, static pair => pair.Value.ToString()),
            http.Request.Headers.Authorization.ToString()));
        await TokenReleased;
        http.Response.StatusCode = TokenStatus;
        await http.Response.WriteAsync(TokenAnswer.Replace(
            "TOKEN", $"token-{Interlocked.Increment(ref _issued)}", StringComparison.Ordinal));
    }

    private Task DocumentAsync(HttpContext http)
    {
        Paths.Enqueue(http.Request.Path);
        if (!Documents.TryGetValue(http.Request.Path.ToString(), out var document))
        {
            http.Response.StatusCode = 404;
            return Task.CompletedTask;
        }

        if (document.StartsWith("http", StringComparison.Ordinal))
        {
            http.Response.Redirect(document);
            return Task.CompletedTask;
        }

        return http.Response.WriteAsync(document
            .Replace("ISSUER", Issuer, StringComparison.Ordinal)
            .Replace("AUTHORITY", _authority.Url.ToString().TrimEnd('/'), StringComparison.Ordinal)
            .Replace("URL", Url.ToString(), StringComparison.Ordinal));
    }
}
