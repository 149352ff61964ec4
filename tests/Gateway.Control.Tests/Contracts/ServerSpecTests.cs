using Gateway.Control.Contracts;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Updating;

namespace Gateway.Control.Tests.Contracts;

public sealed class ServerSpecTests
{
    private static readonly SecretProtector Secrets = SecretProtector.Opening(ControlSnapshot.Empty);

    public static TheoryData<string> Names => [.. ServerSpec.Members.Select(static member => member.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_member_is_in_the_runtime_model_and_in_the_store(string name)
    {
        var member = ServerSpec.Members.Single(one => one.Name == name);
        var written = new ServerFile { Url = name == "urls" ? null : "https://crm.example.com/mcp" };
        member.Set(written, member.Get(Example(name)));
        if (name == "auth")
            written.OAuth = new ServerAccountInput { ClientId = "gateway" };

        var server = new ServerReader((at, message) => Assert.Fail($"{at}: {message}"), static (_, text) => text)
            .Read("crm", written)!;
        var stored = ServerSpec.Members.Copy(server.ToSpec(), new ServerDocument()) with
        {
            Url = server.Address,
            OAuth = server.OAuth is { } client
                ? new OAuthDocument { ClientId = client.ClientId, SealedSecret = client.ClientSecret } : null,
        };
        var json = Encoding.UTF8.GetString(
            ControlJsonContext.Write(stored, ControlJsonContext.Default.ServerDocument));

        Assert.NotNull(member.Get(server.ToSpec()));
        Assert.Contains($"\"{name}\":", json, StringComparison.Ordinal);
        Assert.True(ServerReachComparer.Instance.Equals(server, Read(json, out _)));
        Assert.Equal(Json(server.ToSpec()), Json(Read(json, out _)!.ToSpec()));
    }

    [Fact]
    public void A_member_that_is_absent_is_not_stored_so_that_a_previous_release_reads_the_server()
    {
        const string stored = """{"sealedHeaders":{},"url":"https://crm.example.com/mcp"}""";
        var server = Read(stored, out var problem);

        Assert.Null(problem);
        Assert.Equal(stored, Encoding.UTF8.GetString(ControlJsonContext.Write(
            ServerSpec.Members.Copy(server!.ToSpec(), new ServerDocument()),
            ControlJsonContext.Default.ServerDocument)));
    }

    [Fact]
    public void A_server_that_the_previous_release_stored_is_read_and_written_with_the_same_members()
    {
        const string stored = """
            {"url":"https://a.example.com/mcp","urls":["https://a.example.com/mcp","https://b.example.com/mcp"],
             "transport":"sse","proxy":{"url":"http://proxy.example.com:3128/","resolves":true},
             "timeouts":{"callSeconds":60,"maxSeconds":900,"tools":{"export":300}},"sealedHeaders":{},
             "host":"crm.example.com","oauthPolicy":"support"}
            """;
        var server = Read(stored, out var problem)!;

        Assert.Null(problem);
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(stored), JsonElement.Parse(ControlJsonContext.Write(
            ServerSpec.Members.Copy(server.ToSpec(), new ServerDocument()) with { Url = server.Address },
            ControlJsonContext.Default.ServerDocument))));
        Assert.True(ServerReachComparer.Instance.Equals(server, Read("""
            {"url":"https://a.example.com/mcp","urls":["https://a.example.com/mcp","https://b.example.com/mcp"],
             "transport":"sse","proxy":{"url":"http://proxy.example.com:3128","resolves":true}}
            """, out _)));
    }

    [Theory]
    [InlineData("""{ "sealedHeaders": {} }""", "a server needs \"url\"")]
    [InlineData("""{ "url": "crm" }""", "\"crm\" is not an address that begins with http:// or https:// at /url")]
    [InlineData("""{ "url": "http://x/", "urls": ["http://x/", null] }""", "a string, not null at /urls/1")]
    [InlineData("""{ "url": "http://x/", "transport": "quic" }""", "one of \"http\", \"sse\", not \"quic\" at /transport")]
    [InlineData("""{ "url": "http://x/", "proxy": { "url": "socks5://y" } }""", "of a proxy")]
    [InlineData("""{ "url": "http://x/", "callerHeaders": { "Host": "{grant}" } }""", "at /callerHeaders/Host")]
    [InlineData("""{ "url": "http://x/", "callerHeaders": { "X-User": "ana" } }""", "at /callerHeaders/X-User")]
    [InlineData("""{ "url": "http://x/", "timeouts": { "callSeconds": 0 } }""", "at /timeouts/callSeconds")]
    [InlineData("""{ "url": "http://x/", "sealedHeaders": { "X-Key": "plain" } }""", "cannot be decrypted")]
    [InlineData("""{ "urls": ["https://x/", "https://y/"], "auth": "oauth" }""", "callers connect to one address")]
    [InlineData("""{ "url": "https://x/", "oauth": { "clientId": "c", "sealedSecret": "" } }""", "is missing")]
    [InlineData(
        """{ "url": "https://x/", "auth": "oauth", "transport": "sse", "oauth": { "clientId": "c", "sealedSecret": "" } }""",
        "over Streamable HTTP only")]
    [InlineData(
        """{ "url": "http://x/", "auth": "oauth", "oauth": { "clientId": "c", "sealedSecret": "" } }""",
        "only over https")]
    [InlineData("""{ "url": "https://x/", "oauth": { "sealedSecret": "detached:0:sealed:AA" } }""", "\"clientId\" is missing")]
    public void A_stored_server_that_cannot_be_understood_is_not_applied(string stored, string reason)
    {
        Assert.Null(Read(stored, out var problem));
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "url": "http://x/", "added": 1 }""")]
    [InlineData("""{ "url": "http://x/", "headers": { "X-Key": "plain" } }""")]
    [InlineData("""{ "url": "http://x/", "command": "sh" }""")]
    [InlineData("""{ "url": "http://x/", "proxy": { "added": 1 } }""")]
    [InlineData("""{ "url": "http://x/", "timeouts": { "added": 1 } }""")]
    [InlineData("""{ "url": "http://x/", "oauth": { "clientId": "c", "sealedSecret": "s", "clientSecret": "s" } }""")]
    public void A_member_that_this_release_does_not_store_is_refused(string stored) =>
        Assert.Throws<JsonException>(() => Read(stored, out _));

    [Fact]
    public void The_published_schema_has_every_member() => SchemaFile.AssertCurrent(
        static schema => SchemaFile.WithMembers(schema, SpecJson.Default.ServerFile));

    [Fact]
    public void The_console_has_every_member() =>
        SpecModule.AssertCurrent(SpecJson.Default.ServerInput, "servers");

    private static ServerModel? Read(string stored, out string? problem) => StoredServer.Read(
        "crm", JsonSerializer.Deserialize(stored, ControlJsonContext.Default.ServerDocument)!, Secrets, out problem);

    // Of the published schema, which has one for each member.
    private static ServerFile Example(string name) => JsonNode.Parse(ConfigLoader.Schema.Utf8.Span)!
        ["$defs"]!["server"]!["examples"]!.AsArray().Where(example => example!.AsObject().ContainsKey(name))
        .Select(static example => example.Deserialize(SpecJson.Default.ServerFile)!).First();

    private static string Json(object? value) => JsonSerializer.Serialize(value, SpecJson.Default.Options);
}
