using Gateway.Server.Commands.Clients;

namespace Gateway.Server.Tests.Commands.Clients;

public sealed class ClientSnippetTests
{
    private static readonly Uri Local = new("http://127.0.0.1:8080/mcp/crm");

    [Fact]
    public void Has_one_for_every_client_that_it_names() =>
        Assert.Equal(
            ClientSnippets.Names.Order(), ClientSnippets.For("crm", Local, "t", null).Select(s => s.Client).Order());

    [Fact]
    public void Gives_Claude_Desktop_a_program_since_it_knows_no_headers()
    {
        var server = Json("claude-desktop", Local)["mcpServers"]!["crm"]!;

        Assert.Equal("npx", (string?)server["command"]);
        Assert.Equal("Bearer t", (string?)server["env"]!["AUTHORIZATION"]);
        // A space in an argument is broken up on Windows.
        Assert.All(
            server["args"]!.AsArray(),
            argument => Assert.DoesNotContain(" ", (string)argument!, StringComparison.Ordinal));
        Assert.DoesNotContain("--allow-http", server["args"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Lets_mcp_remote_use_plain_HTTP_inside_a_network_only_where_it_has_to() =>
        Assert.Contains(
            "--allow-http",
            Json("claude-desktop", new Uri("http://gateway.internal/mcp/crm")).ToJsonString(),
            StringComparison.Ordinal);

    [Fact]
    public void Gives_Cursor_a_url_with_headers()
    {
        var server = Json("cursor", Local)["mcpServers"]!["crm"]!;

        Assert.Equal(Local.ToString(), (string?)server["url"]);
        Assert.Equal("Bearer t", (string?)server["headers"]!["Authorization"]);
    }

    [Fact]
    public void Gives_VS_Code_a_typed_server_that_asks_for_the_token()
    {
        var json = Json("vscode", Local);

        Assert.Equal("http", (string?)json["servers"]!["crm"]!["type"]);
        Assert.Equal("Bearer ${input:crm-token}", (string?)json["servers"]!["crm"]!["headers"]!["Authorization"]);
        Assert.Equal("crm-token", (string?)json["inputs"]![0]!["id"]);
    }

    [Fact]
    public void Gives_Claude_Code_one_command() =>
        Assert.Equal(
            "claude mcp add --transport http crm http://127.0.0.1:8080/mcp/crm --header \"Authorization: Bearer t\"",
            Text("claude-code", Local));

    private static string Text(string client, Uri url) => ClientSnippets.For("crm", url, "t", client).Single().Text;

    private static JsonNode Json(string client, Uri url) => JsonNode.Parse(Text(client, url))!;
}
