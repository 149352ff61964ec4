using Gateway.Admin.Clients;

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

    [Theory]
    [InlineData("gemini-cli", "mcpServers", "httpUrl")]
    [InlineData("opencode", "mcp", "url")]
    [InlineData("windsurf", "mcpServers", "serverUrl")]
    [InlineData("zed", "context_servers", "url")]
    public void A_client_with_a_JSON_file_gets_the_url_and_the_header_in_its_members(
        string client, string section, string address)
    {
        var server = Json(client, Local)[section]!["crm"]!;

        Assert.Equal(Local.ToString(), (string?)server[address]);
        Assert.Equal("Bearer t", (string?)server["headers"]!["Authorization"]);
    }

    [Theory]
    [InlineData("crm", "[mcp_servers.crm]")]
    [InlineData("crm.eu", "[mcp_servers.\"crm.eu\"]")]
    public void Codex_gets_a_TOML_table_whose_key_is_one_name(string server, string table)
    {
        var lines = ClientSnippets.For(server, Local, "t", "codex").Single().Text.Split('\n');

        Assert.Equal(
            [table, $"url = \"{Local}\"", "http_headers = { Authorization = \"Bearer t\" }"], lines);
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

    [Fact]
    public void Gives_claude_ai_and_ChatGPT_the_URL_and_says_whether_it_is_enough()
    {
        foreach (var client in (string[])["claude-ai", "chatgpt"])
        {
            var with = ClientSnippets.For("crm", Local, "t", client, "https://gateway.example.com").Single();
            var without = ClientSnippets.For("crm", Local, "t", client).Single();

            Assert.Equal((Local.ToString(), true), (with.Text, with.IsUrlEnough));
            Assert.Contains("signs in at https://gateway.example.com", with.Note, StringComparison.Ordinal);
            Assert.False(without.IsUrlEnough);
            Assert.Contains("\"oauth\": { \"issuer\"", without.Note, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Links_that_install_it_in_Cursor_and_VS_Code_hold_the_URL_and_no_token()
    {
        var cursor = ClientSnippets.For("crm", Local, "t", "cursor", "https://g.example.com").Single().Link!;
        var vscode = ClientSnippets.For("crm", Local, "t", "vscode", "https://g.example.com").Single().Link!;

        Assert.StartsWith(
            "cursor://anysphere.cursor-deeplink/mcp/install?name=crm&config=", cursor, StringComparison.Ordinal);
        var config = Uri.UnescapeDataString(cursor[(cursor.IndexOf("config=", StringComparison.Ordinal) + 7)..]);
        Assert.Equal(
            $$"""{"url":"{{Local}}"}""", Encoding.UTF8.GetString(Convert.FromBase64String(config)));
        Assert.StartsWith("vscode:mcp/install?", vscode, StringComparison.Ordinal);
        var server = JsonNode.Parse(Uri.UnescapeDataString(vscode["vscode:mcp/install?".Length..]))!;
        Assert.Equal(
            ("crm", "http", Local.ToString()),
            ((string?)server["name"], (string?)server["type"], (string?)server["url"]));
    }

    [Fact]
    public void A_program_of_a_server_with_a_host_of_its_own_calls_the_gateway() => Assert.Contains(
        "\"https://g.example.com\"",
        ClientSnippets.For("crm", new Uri("https://crm.example.com/mcp"), "t", "program", "https://g.example.com")
            .Single().Text,
        StringComparison.Ordinal);

    private static string Text(string client, Uri url) => ClientSnippets.For("crm", url, "t", client).Single().Text;

    private static JsonNode Json(string client, Uri url) => JsonNode.Parse(Text(client, url))!;
}
