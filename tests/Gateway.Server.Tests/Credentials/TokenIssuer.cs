using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Server.Tests.Credentials;

/// <summary>An authorization server that gives tokens to whoever has the secret.</summary>
internal sealed class TokenIssuer : IAsyncDisposable
{
    public const string Secret = "the-clients-own-secret";

    private readonly WebApplication _app;
    private int _issued;

    private TokenIssuer(WebApplication app) => _app = app;

    public string Issuer => _app.Urls.First();

    /// <summary>What happens before it gives a token.</summary>
    public Action Asked { get; set; } = static () => { };

    /// <summary>The forms that it received.</summary>
    public ConcurrentQueue<Dictionary<string, string>> Forms { get; } = new();

    /// <param name="method">The way in which it lets clients authenticate.</param>
    public static async Task<TokenIssuer> StartAsync(string method = "client_secret_post")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var issuer = new TokenIssuer(app);
        app.MapGet("/.well-known/oauth-authorization-server", http => issuer.DescribeAsync(http, method));
        app.MapPost("/token", issuer.IssueAsync);
        await app.StartAsync();
        return issuer;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task DescribeAsync(HttpContext http, string method) => http.Response.WriteAsync($$"""
        { "issuer": "{{Issuer}}", "token_endpoint": "{{Issuer}}/token",
          "token_endpoint_auth_methods_supported": ["{{method}}"] }
        """);

    private async Task IssueAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync();
        Forms.Enqueue(form.ToDictionary(static pair => pair.Key, static pair => pair.Value.ToString()));
        if (form["client_secret"] != Secret)
        {
            http.Response.StatusCode = 401;
            await http.Response.WriteAsync("""{ "error": "invalid_client" }""");
            return;
        }

        Asked();
        await http.Response.WriteAsync($$"""
            { "access_token": "issued-{{Interlocked.Increment(ref _issued)}}", "token_type": "Bearer", "expires_in": 3600 }
            """);
    }
}
