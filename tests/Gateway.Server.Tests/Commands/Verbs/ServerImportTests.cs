namespace Gateway.Server.Tests.Commands.Verbs;

/// <summary><c>gateway server import</c> with the files of real clients.</summary>
public sealed class ServerImportTests(ManagedGateway gateway) : IClassFixture<ManagedGateway>
{
    // The forms of Claude Desktop, Cursor and VS Code, as their documentation gives them.
    private const string Cursor = """
        {
          "mcpServers": {
            "github": {
              "command": "npx", "args": ["-y", "@modelcontextprotocol/server-github"],
              "env": { "GITHUB_PERSONAL_ACCESS_TOKEN": "ghp_plain", "LOG_LEVEL": "debug", "PROXY": "${env:PROXY}" }
            },
            "My Server!": {
              "url": "https://mcp.example.com/mcp", "headers": { "Authorization": "Bearer ${env:IMPORTED}" }
            },
            "old": { "url": "https://old.example.com/sse", "type": "sse" },
            "socket": { "url": "wss://socket.example.com/mcp", "type": "ws" },
            "off": { "url": "https://off.example.com/mcp", "disabled": true },
            "filed": { "url": "https://other.example.com/mcp" },
            "unset": { "url": "https://unset.example.com/${NOT_SET_ANYWHERE}" },
            "nothing": {}
          }
        }
        """;

    private const string VsCode = """
        // Comments and trailing commas are allowed there.
        {
          "inputs": [{ "type": "promptString", "id": "api-key", "password": true }],
          "servers": {
            "tickets": { "type": "http", "url": "https://tickets.example.com/mcp" },
            "files": {
              "type": "stdio", "command": "node", "args": ["${workspaceFolder}/server.js"],
              "env": { "API_KEY": "${input:api-key}" }, "envFile": "${workspaceFolder}/.env",
            },
          },
        }
        """;

    [Fact]
    public async Task Import_registers_urls_prints_programs_and_reports_the_rest()
    {
        gateway.Write("cursor.json", Cursor);
        gateway.Cli.Environment["IMPORTED"] = "t0ken";

        var run = await gateway.NotWellAsync(1, "server", "import", "cursor.json", "--json");

        var report = JsonNode.Parse(run.Output)!;
        Assert.Equal(
            [
                "github: for gateway.json: set GITHUB_PERSONAL_ACCESS_TOKEN in the gateway's environment",
                "My-Server-: registered: renamed from \"My Server!\": a name must be 1 to 64 of A-Z a-z 0-9 . _ -, "
                    + "beginning with a letter or digit",
                "old: registered: ",
                "socket: skipped: its transport \"ws\" is not supported; use an http or https URL of the server",
                "off: skipped: it is disabled in the file",
                "filed: skipped: a server with this name exists; use --replace to change it",
                "unset: skipped: ${NOT_SET_ANYWHERE} has no value here; set NOT_SET_ANYWHERE in this shell",
                "nothing: skipped: it has neither \"url\" nor \"command\"",
            ],
            report["servers"]!.AsArray().Select(static row => $"{row!["name"]}: {row["result"]}: {row["note"]}"));
        var entry = report["programs"]!["github"]!;
        Assert.Equal(
            ["${GITHUB_PERSONAL_ACCESS_TOKEN}", "debug", "${PROXY}"],
            entry["env"]!.AsObject().Select(static one => (string?)one.Value));
        Assert.DoesNotContain("ghp_plain", run.Output, StringComparison.Ordinal);
        var shown = JsonNode.Parse(await gateway.WellAsync("server", "show", "My-Server-", "--json"))!;
        Assert.Equal("https://mcp.example.com/mcp", (string?)shown["url"]);
        Assert.Equal("""["Authorization"]""", shown["headerNames"]!.ToJsonString());
        var old = JsonNode.Parse(await gateway.WellAsync("server", "show", "old", "--json"))!;
        Assert.Equal("sse", (string?)old["transport"]);
    }

    [Fact]
    public async Task A_dry_run_from_standard_input_registers_nothing()
    {
        var before = await gateway.StateAsync();
        gateway.Cli.Input = VsCode;

        var run = await gateway.WellAsync("server", "import", "-", "--dry-run");

        Assert.Contains("tickets  registered", run, StringComparison.Ordinal);
        Assert.Contains("\"API_KEY\": \"${api_key}\"", run, StringComparison.Ordinal);
        Assert.Contains("\"envFile\" is not read", run, StringComparison.Ordinal);
        Assert.Contains("${workspaceFolder}", run, StringComparison.Ordinal);
        Assert.Contains("nothing was registered", run, StringComparison.Ordinal);
        Assert.Equal(before, await gateway.StateAsync());
    }

    [Theory]
    [InlineData("{}", "neither \"mcpServers\" nor \"servers\"")]
    [InlineData("{ \"mcpServers\": ", "is not valid JSON: line 1, byte ")]
    [InlineData("""{ "mcpServers": { "a": {}, "a": {} } }""", "is not valid JSON")]
    [InlineData("[]", "neither")]
    public async Task A_file_that_is_no_client_configuration_is_explained(string file, string message)
    {
        gateway.Write("wrong.json", file);

        var run = await gateway.NotWellAsync(2, "server", "import", "wrong.json");

        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Config_and_policy_validate_read_standard_input_and_pipes()
    {
        gateway.Cli.Input = """{ "servers": { "a": { "url": "http://127.0.0.1:9/mcp" } } }""";
        Assert.Equal("<stdin>: 0 errors, 0 warnings\n", await gateway.WellAsync("config", "validate", "-"));
        Assert.Equal(
            "/dev/stdin: 0 errors, 0 warnings\n", await gateway.WellAsync("config", "validate", "/dev/stdin"));

        gateway.Cli.Input = """{ "servers": { "a": { "url": "x" } } }""";
        var wrong = await gateway.NotWellAsync(1, "config", "validate", "-");
        Assert.StartsWith("<stdin>:1:", wrong.Output, StringComparison.Ordinal);
        Assert.EndsWith("<stdin>: 1 error, 0 warnings\n", wrong.Output, StringComparison.Ordinal);

        gateway.Cli.Input = """{ "version": "1", "default": "deny" }""";
        Assert.Contains(
            "<stdin>: 0 errors", await gateway.WellAsync("policy", "validate", "-"), StringComparison.Ordinal);
    }
}
