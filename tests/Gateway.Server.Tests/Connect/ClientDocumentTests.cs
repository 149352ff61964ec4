using Gateway.Admin.Identity.OAuth.AuthorizationServer;
using Gateway.Control.Network;
using Gateway.Control.Snapshots;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Server.Tests.Connect;

/// <summary>Documents that strangers name: what is fetched, and what of it is taken.</summary>
public sealed class ClientDocumentTests : IAsyncLifetime, IDisposable
{
    private static readonly OAuthSettings Settings = new(new Uri("https://gateway.example.com"), []);
    private static readonly OAuthServerOptions Options = new() { DocumentTimeMax = TimeSpan.FromSeconds(2) };

    private readonly TestFolder _folder = new();
    private readonly ConcurrentQueue<string> _asked = new();
    private WebApplication _app = null!;
    private string _root = "";

    public async Task InitializeAsync()
    {
        var certificate = new TestCertificate(_folder.Path);
        certificate.Write("client");
        using var pem = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPemFile(
            certificate.Certificate, certificate.Key);
        var served = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadPkcs12(
            pem.Export(System.Security.Cryptography.X509Certificates.X509ContentType.Pkcs12), null);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(served)));
        _app = builder.Build();
        _app.Run(AnswerAsync);
        await _app.StartAsync();
        _root = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_document_is_read_and_kept_as_long_as_it_says_within_bounds()
    {
        using var fetcher = Open();

        var fetched = await fetcher.FetchAsync(_root + "/good", CancellationToken.None);

        Assert.Equal("ok", fetched!.Value.Json.GetProperty("client_name").GetString());
        Assert.Equal(TimeSpan.FromHours(24), fetched.Value.Kept);
    }

    [Theory]
    [InlineData("/redirect")]
    [InlineData("/huge")]
    [InlineData("/endless")]
    [InlineData("/html")]
    [InlineData("/missing")]
    [InlineData("/array")]
    [InlineData("/broken")]
    public async Task What_is_no_small_JSON_object_at_this_very_address_is_none(string path)
    {
        using var fetcher = Open();

        Assert.Null(await fetcher.FetchAsync(_root + path, CancellationToken.None));
        Assert.DoesNotContain("/good", _asked);
    }

    [Fact]
    public async Task Nobody_at_a_private_address_is_asked()
    {
        using var fetcher = new DocumentFetcher(Options, OutboundConnector.Default);

        Assert.Null(await fetcher.FetchAsync(_root + "/good", CancellationToken.None));
        var byName = _root.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        Assert.Null(await fetcher.FetchAsync(byName + "/good", CancellationToken.None));
        Assert.Empty(_asked);
    }

    [Theory]
    [InlineData("https://client.example.com/a.json", true)]
    [InlineData("https://client.example.com", false)]
    [InlineData("https://client.example.com/", false)]
    [InlineData("http://client.example.com/a.json", false)]
    [InlineData("https://user@client.example.com/a.json", false)]
    [InlineData("https://client.example.com/a.json#x", false)]
    [InlineData("https://client.example.com/b/../a.json", false)]
    [InlineData("https://client.example.com/./a.json", false)]
    [InlineData("https://client.example.com/%2e%2e/a.json", false)]
    [InlineData("https://client.example.com\\a.json", false)]
    [InlineData("https://CLIENT.example.com/a.json", false)]
    [InlineData("https://client.example.com:443/a.json", false)]
    [InlineData("https://0x7f.1/a.json", false)]
    public void An_address_of_a_document_is_written_in_one_way(string address, bool isOne) =>
        Assert.Equal(isOne, DocumentFetcher.IsAddress(address));

    [Theory]
    [InlineData("""{"client_id":"ID","redirect_uris":["https://c.example.com/cb"]}""", "none")]
    [InlineData("""{"client_id":"ID","redirect_uris":["https://c.example.com/cb"],"token_endpoint_auth_method":"private_key_jwt","jwks_uri":"https://c.example.com/jwks"}""", "private_key_jwt")]
    [InlineData("""{"client_id":"ID","redirect_uris":["https://c.example.com/cb","x://y"],"token_endpoint_auth_method":["private_key_jwt","none"]}""", "private_key_jwt none")]
    [InlineData("""{"client_id":"ID/","redirect_uris":["https://c.example.com/cb"]}""", null)]
    [InlineData("""{"redirect_uris":["https://c.example.com/cb"]}""", null)]
    [InlineData("""{"client_id":"ID","redirect_uris":[]}""", null)]
    [InlineData("""{"client_id":"ID","redirect_uris":["javascript:x"]}""", null)]
    [InlineData("""{"client_id":"ID","redirect_uris":["https://c.example.com/cb"],"client_secret":"x"}""", null)]
    [InlineData("""{"client_id":"ID","redirect_uris":["https://c.example.com/cb"],"token_endpoint_auth_method":"client_secret_post"}""", null)]
    [InlineData("""{"client_id":"ID","redirect_uris":["https://c.example.com/cb"],"jwks_uri":"http://127.0.0.1/"}""", null)]
    public void ChatGPT_and_others_say_of_themselves_one_way_or_a_list(string json, string? methods)
    {
        const string id = "https://c.example.com/client.json";

        var read = ClientMetadata.Read(
            id, JsonElement.Parse(json.Replace("ID", id, StringComparison.Ordinal)), Settings, default);

        Assert.Equal(methods, read is null ? null : string.Join(' ', read.Methods));
        Assert.All(read?.RedirectUris ?? [], static uri => Assert.Equal("https://c.example.com/cb", uri));
    }

    [Theory]
    [InlineData("https://claude.ai/oauth/mcp-oauth-client-metadata", "https://claude.ai/api/mcp/auth_callback")]
    [InlineData("https://claude.ai/oauth/claude-code-client-metadata", "http://localhost:51234/callback")]
    [InlineData("https://vscode.dev/oauth/client-metadata.json", "http://127.0.0.1:4711/")]
    public void Claude_and_VS_Code_sign_in_though_their_hosts_give_this_network_nothing(string id, string redirect) =>
        Assert.True(RedirectUris.Matches(ClientMetadata.Copy(id)!.RedirectUris, redirect));

    private static DocumentFetcher Open() => new(
        Options, OutboundConnector.Default, AddressRule.Registered, TestCertificate.Handler().SslOptions);

    private async Task AnswerAsync(HttpContext http)
    {
        _asked.Enqueue(http.Request.Path);
        var (type, text) = http.Request.Path.Value switch
        {
            "/good" => ("application/json", """{"client_name":"ok"}"""),
            "/huge" => ("application/json", $$"""{"client_name":"{{new string('x', 6000)}}"}"""),
            "/html" => ("text/html", "{}"),
            "/array" => ("application/json", "[]"),
            "/broken" => ("application/json", "{"),
            _ => ("application/json", "{}"),
        };
        http.Response.ContentType = type;
        http.Response.Headers.CacheControl = "max-age=999999";
        switch (http.Request.Path.Value)
        {
            case "/redirect":
                http.Response.Redirect("/good");
                return;
            case "/missing":
                http.Response.StatusCode = 404;
                return;
            case "/endless":
                await http.Response.Body.FlushAsync();
                // Nothing more comes until whoever asked has given up.
                var left = new TaskCompletionSource();
                await using (http.RequestAborted.Register(left.SetResult))
                    await left.Task;
                return;
        }

        await http.Response.WriteAsync(text);
    }
}
