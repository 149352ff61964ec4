using System.Security.Cryptography;
using Gateway.Control.Contracts;
using Gateway.Control.Definitions;

namespace Gateway.Control.Tests.ConfigFile;

public sealed class OAuthReaderTests
{
    private readonly List<string> _problems = [];

    [Fact]
    public void Reads_an_account_and_never_shows_its_secret()
    {
        var server = Read("https://crm.example.com/mcp", new ServerAccountInput
        {
            ClientId = "gw",
            ClientSecret = "${SECRET}",
            Scope = "a b",
            Issuer = "https://login.example.com/tenant/",
        });

        Assert.Empty(_problems);
        Assert.Equal(("gw", "<SECRET>", "a b", "https://login.example.com/tenant/"),
            (server!.OAuth!.ClientId, server.OAuth.ClientSecret, server.OAuth.Scope, server.OAuth.Issuer));
        Assert.DoesNotContain("SECRET", server.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_secret_is_another_server()
    {
        var one = Read("https://a/", new ServerAccountInput { ClientId = "c", ClientSecret = "s" });
        var same = Read("https://a/", new ServerAccountInput { ClientId = "c", ClientSecret = "s" });
        var other = Read("https://a/", new ServerAccountInput { ClientId = "c", ClientSecret = "t" });

        Assert.Equal(one, same);
        Assert.NotEqual(one, other);
    }

    [Fact]
    public void Refuses_what_would_leak_or_cannot_work()
    {
        Read("http://crm.example.com/mcp", new ServerAccountInput { ClientId = "c", ClientSecret = "s" });
        Read("http://127.0.0.1:1/mcp", new ServerAccountInput());
        Read("https://a/", new ServerAccountInput
        {
            ClientId = "",
            ClientSecret = "a\nb",
            Issuer = "http://login.example.com",
        });
        Read("https://a/", new ServerAccountInput { ClientId = "c", ClientSecret = "s", Issuer = "https://login/?x" });
        Read("https://a/", new ServerAccountInput { ClientId = "c", ClientSecret = "s" },
            new() { ["authorization"] = "x" });
        Read("https://a/", new ServerAccountInput
        {
            ClientId = "c",
            ClientSecret = "s",
            Exchange = ServerAccountSpec.OnBehalfOf,
        });

        Assert.Equal(
            [
                "/oauth: a token is sent only over https or to this machine; use an https address",
                "/oauth/clientId: \"clientId\" is missing",
                "/oauth/clientSecret: \"clientSecret\" is missing",
                "/oauth/clientId: \"clientId\" must have 1 to 1024 visible ASCII characters",
                "/oauth/clientSecret: \"clientSecret\" must have 1 to 4096 visible ASCII characters",
                "/oauth/issuer: \"http://login.example.com\" is not a valid issuer: an https address without a query, "
                    + "or an http address of this machine",
                "/oauth/issuer: \"https://login/?x\" is not a valid issuer: an https address without a query, "
                    + "or an http address of this machine",
                "/oauth: the gateway sends the token in the Authorization header; "
                    + "remove Authorization from \"headers\"",
                "/oauth/exchange: \"exchange\" needs an \"issuer\", which receives the tokens of callers",
            ],
            _problems);
    }

    [Fact]
    public void A_private_key_takes_the_place_of_the_secret()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pem = key.ExportPkcs8PrivateKeyPem();

        var server = Read("https://a/", new ServerAccountInput
        {
            ClientId = "c",
            PrivateKey = pem,
            KeyId = "k",
            Issuer = "https://login",
            AssertionAudience = "token_endpoint",
        });
        Assert.Empty(_problems);
        Read("https://a/", new ServerAccountInput { ClientId = "c", ClientSecret = "s", PrivateKey = pem });
        Read("https://a/", new ServerAccountInput { ClientId = "c", ClientSecret = "s", KeyId = "k" });
        Read("https://a/", new ServerAccountInput
        {
            ClientId = "c",
            PrivateKey = pem,
            AssertionAudience = "token_endpoint",
        });
        Read("https://a/", new ServerAccountInput { ClientId = "c", PrivateKey = "no key" });

        Assert.Equal(
            new ClientKey(pem) { Id = "k", IsForEndpoint = true }, server!.OAuth!.Key);
        Assert.Equal(
            [
                "/oauth/privateKey: a client cannot have both \"clientSecret\" and \"privateKey\"; remove one",
                "/oauth/privateKey: \"keyId\", \"algorithm\" and \"assertionAudience\" have no effect without "
                    + "\"privateKey\"; remove them",
                "/oauth/assertionAudience: \"token_endpoint\" needs an \"issuer\"",
                "/oauth/privateKey: this must be one private key without a passphrase, as PEM or JWK: RSA, P-256 "
                    + "or P-384",
            ],
            _problems);
    }

    [Theory]
    [InlineData("### An account with a private key", 2)]
    [InlineData("### A server on AWS", 1)]
    [InlineData("## The identity of the caller", 1)]
    [InlineData("Alternatively, the gateway exchanges", 2)]
    [InlineData("As a third way, the gateway signs", 1)]
    public void Accepts_the_examples_of_the_guide(string heading, int count)
    {
        using var folder = new TestFolder("gateway-servers-");
        using var key = RSA.Create(2048);
        var guide = File.ReadAllText(SourceTree.PathOf("docs", "how-to", "servers.md"));
        var block = Regex.Match(
            guide[guide.IndexOf(heading, StringComparison.Ordinal)..], "```json\n(.*?)```", RegexOptions.Singleline);
        // The files of the examples do not exist here.
        var servers = Regex.Replace(
            block.Groups[1].Value, @"\$\{file:[^}]*?(\.pem)?\}",
            static file => file.Groups[1].Success ? "${KEY_PEM}" : "${TOKEN}");
        var path = folder.File("gateway.json", $$"""
            { "publicUrl": "https://gateway.example.com", "servers": { {{servers}} } }
            """);

        var result = ConfigLoader.Load(
            path, name => name == "KEY_PEM" ? key.ExportPkcs8PrivateKeyPem() : "0123456789abcdef");

        Assert.Empty(result.Problems);
        Assert.Equal(count, servers.Split("\"url\"").Length - 1);
    }

    [Fact]
    public void Warns_where_the_server_decides_who_gets_the_secret()
    {
        using var folder = new TestFolder();
        var path = Path.Combine(folder.Path, "gateway.json");
        File.WriteAllText(path, """
            { "servers": { "crm": { "url": "https://a/", "oauth": { "clientId": "c", "clientSecret": "${S}" } } } }
            """);

        var result = ConfigLoader.Load(path, static name => name == "S" ? "secret" : null);

        Assert.Empty(result.Problems);
        Assert.Contains("without \"issuer\", the server decides", Assert.Single(result.Warnings).ToString(),
            StringComparison.Ordinal);
    }

    private ServerModel? Read(string url, ServerAccountInput oauth, Dictionary<string, string>? headers = null) =>
        new ServerReader(
            (pointer, message) => _problems.Add($"{pointer}: {message}"),
            static (_, text) => text.Replace("${", "<", StringComparison.Ordinal)
                .Replace("}", ">", StringComparison.Ordinal))
            .Read("crm", new ServerFile { Url = url, OAuth = oauth, Headers = headers ?? [] });
}
