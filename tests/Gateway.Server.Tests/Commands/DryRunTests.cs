namespace Gateway.Server.Tests.Commands;

/// <summary>What a policy or an edited configuration file would change, said before it does.</summary>
public sealed class DryRunTests : IAsyncLifetime
{
    private const string Config = """
        {
          "servers": { "srv": { "url": "http://127.0.0.1:9/mcp", "headers": { "X-Key": "first-secret" } } },
          "policies": { "open": { "file": "open.json" } },
          "grants": { "a": { "server": "srv", "policy": "open", "token": "0123456789abcdef" } }
        }
        """;

    private const string Limited = """
        { "version": "1", "default": "allow",
          "all_tools": { "limits": [ { "counter": "c", "window": "month", "max": 5 } ] } }
        """;

    private AdminBench _bench = null!;
    private Cli _cli = null!;

    private string Folder => _bench.Folder;

    public async Task InitializeAsync()
    {
        // The bench writes the configuration; the policy beside it must be there before that.
        _bench = await AdminBench.StartAsync(Config, policy: """{ "version": "1", "default": "allow" }""");
        _cli = new Cli(_bench.Folder, new Uri(_bench.Host.Addresses[0]), _bench.AdminKey);
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Says_what_a_policy_would_change_and_changes_nothing()
    {
        await WriteAsync("p.json", """
            { "version": "1", "default": "deny", "hide": ["x"],
              "tools": { "pay": { "limits": [ { "counter": "p", "window": "day", "max": 5 } ] }, "old": {} } }
            """);
        Assert.Equal(["would add the policy pay"], await DryAsync(1, "policy", "set", "pay", "p.json"));
        Assert.Equal(404, (await _bench.SendAsync("GET", "policies/pay")).Status);
        Assert.Equal(0, (await _cli.RunAsync("policy", "set", "pay", "p.json")).ExitCode);
        await _bench.SendAsync("POST", "grants", new JsonObject
        {
            ["name"] = "bot",
            ["servers"] = new JsonObject { ["srv"] = "pay" },
        });
        Assert.Equal(["Nothing would change."], await DryAsync(0, "policy", "set", "pay", "p.json"));

        await WriteAsync("p.json", """
            { "version": "1", "default": "deny", "hide": ["y"],
              "tools": { "pay": { "limits": [ { "counter": "p", "window": "day", "max": 50 } ] }, "new": {} } }
            """);

        Assert.Equal(
            [
                "would remove \"x\" from /hide", "would add \"y\" to /hide",
                "would change /tools/pay/limits/0/max from 5 to 50", "would remove /tools/old", "would add /tools/new",
                "for bot, from the next call on",
            ],
            await DryAsync(1, "policy", "set", "pay", "p.json"));
        var run = await _cli.RunAsync("policy", "set", "pay", "p.json", "--dry-run", "--json");
        var json = JsonNode.Parse(run.Output)!;
        Assert.Equal((5, "bot"), (json["changes"]!.AsArray().Count, (string?)json["grants"]![0]));
        var stored = (await _bench.SendAsync("GET", "policies/pay")).Json!;
        Assert.Equal("x", (string?)stored["hide"]![0]);
    }

    [Fact]
    public async Task Says_what_another_configuration_file_would_change_and_no_secret()
    {
        await WriteAsync("new-open.json", """{ "version": "1", "default": "deny" }""");
        await WriteAsync("new.json", """
            {
              "servers": { "srv": { "url": "http://127.0.0.1:8/mcp", "headers": { "X-Key": "${NO_SUCH_KEY}" } } },
              "policies": { "open": { "file": "new-open.json" } },
              "grants": {
                "a": { "server": "srv", "policy": "open", "token": "other-secret-token-1", "expires": "30d" },
                "b": { "server": "srv", "token": "other-secret-token-2" }
              },
              "publicUrl": "https://mcp.example"
            }
            """);

        var run = await _cli.RunAsync("config", "reload", "new.json", "--dry-run");

        Assert.Equal(
            [
                "would change /servers/srv/url", "would change /servers/srv/headers/X-Key",
                "would change /grants/a/token", "would add /grants/a/expires: \"30d\"", "would add /grants/b",
                "would add /publicUrl: \"https://mcp.example\"",
                "would change /policies/open/default from \"allow\" to \"deny\"",
            ],
            Lines(run));
        Assert.Equal(1, run.ExitCode);
        Assert.DoesNotContain("secret", run.Output, StringComparison.Ordinal);
        Assert.Contains("${NO_SUCH_KEY} could not be checked here", run.Errors, StringComparison.Ordinal);
        Assert.Equal(404, (await _bench.SendAsync("GET", "grants/b")).Status);
        Assert.Equal(["Nothing would change."], await DryAsync(0, "config", "reload", "gateway.json"));
    }

    [Theory]
    [InlineData("\"srv\"", "\"crm\"", "c (month) of a at crm at zero: it replaces c (month) of a at srv")]
    [InlineData("\"a\":", "\"b\":", "c (month) of b at srv at zero: it replaces c (month) of a at srv")]
    [InlineData("month", "day", "c (day) of a at srv at zero: it replaces c (month) of a at srv")]
    [InlineData("\"c\"", "\"d\"", "d (month) of a at srv at zero: it replaces c (month) of a at srv")]
    public async Task Names_the_counters_that_another_name_or_window_starts_at_zero(
        string written, string edited, string restart)
    {
        await WriteAsync("open.json", Limited);
        Assert.Equal(0, (await _cli.RunAsync("config", "reload")).ExitCode);
        await WriteAsync("new-open.json", Limited.Replace(written, edited, StringComparison.Ordinal));
        await WriteAsync("new.json", Config.Replace("first-secret", "${NO_SUCH_KEY}", StringComparison.Ordinal)
            .Replace(written, edited, StringComparison.Ordinal)
            .Replace("open.json", "new-open.json", StringComparison.Ordinal));

        var run = await _cli.RunAsync("config", "reload", "new.json", "--dry-run");

        Assert.Equal($"would restart the counter {restart}", Lines(run)[^1]);
        Assert.Equal(1, run.ExitCode);
    }

    [Fact]
    public async Task Names_no_counter_where_only_a_maximum_and_the_name_of_a_policy_change()
    {
        await WriteAsync("open.json", Limited);
        Assert.Equal(0, (await _cli.RunAsync("config", "reload")).ExitCode);
        await WriteAsync("new-open.json", Limited.Replace("5", "6", StringComparison.Ordinal));
        await WriteAsync("new.json", Config.Replace("\"open\"", "\"other\"", StringComparison.Ordinal)
            .Replace("open.json", "new-open.json", StringComparison.Ordinal));

        var run = await _cli.RunAsync("config", "reload", "new.json", "--dry-run", "--json");

        Assert.Empty(JsonNode.Parse(run.Output)!["restarts"]!.AsArray());
        Assert.NotEmpty(JsonNode.Parse(run.Output)!["changes"]!.AsArray());
    }

    [Fact]
    public async Task Says_that_a_list_in_a_file_would_change()
    {
        var listed = Config.Replace(
            "\"policies\"", """
            "lists": { "people": { "file": "people.txt" }, "more": ["x"] }, "policies"
            """, StringComparison.Ordinal);
        await WriteAsync("people.txt", "ann\nbob\n");
        await WriteAsync("gateway.json", listed);
        Assert.Equal(0, (await _cli.RunAsync("config", "reload")).ExitCode);
        Directory.CreateDirectory(Path.Combine(Folder, "edited"));
        File.Copy(Path.Combine(Folder, "open.json"), Path.Combine(Folder, "edited", "open.json"));
        await WriteAsync("edited/gateway.json", listed);
        await WriteAsync("edited/people.txt", "\ufeffann\r\n\r\n bob ");
        Assert.Equal(["Nothing would change."], await DryAsync(0, "config", "reload", "edited/gateway.json"));

        await WriteAsync("edited/people.txt", "ann\neve\n");

        Assert.Equal(["would change /lists/people"], await DryAsync(1, "config", "reload", "edited/gateway.json"));
        var inPlace = listed
            .Replace("{ \"file\": \"people.txt\" }", "[\"bob\", \"ann\"]", StringComparison.Ordinal)
            .Replace(", \"more\": [\"x\"]", "", StringComparison.Ordinal);
        await WriteAsync("edited/gateway.json", inPlace);
        Assert.Equal(
            ["would change /lists/people", "would remove /lists/more"],
            await DryAsync(1, "config", "reload", "edited/gateway.json"));
    }

    [Fact]
    public async Task Reads_its_own_file_now_or_says_what_is_wrong_with_it()
    {
        Assert.Equal(["Nothing would change."], await DryAsync(0, "config", "reload"));
        Assert.Matches(
            "^Nothing has changed: the gateway had loaded this content at [0-9-]{10}T[0-9:]{8}Z\\.\n$",
            (await _cli.RunAsync("config", "reload")).Output);
        await WriteAsync("open.json", """{ "version": "1", "default": "perhaps" }""");

        var wrong = await _cli.RunAsync("config", "reload");

        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains(
            "open.json:1:30: error at /default: \"default\" must be one of", wrong.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_the_file_of_each_problem_as_compilers_do()
    {
        await WriteAsync("gateway.json", """{ "grants": 3 }""");

        var wrong = await _cli.RunAsync("config", "reload");

        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains($"  {Path.Combine(Folder, "gateway.json")}:1:13: error at /grants: ", wrong.Errors,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "cannot be read", "config", "reload", "nowhere.json", "--dry-run")]
    [InlineData(2, "is a directory", "config", "reload", ".", "--dry-run")]
    [InlineData(2, "Add --dry-run", "config", "reload", "gateway.json")]
    [InlineData(2, "gateway.json:1:1: error", "config", "reload", "wrong/gateway.json", "--dry-run")]
    [InlineData(2, "is a directory", "policy", "set", "p", ".", "--dry-run")]
    [InlineData(1, "configuration file", "policy", "set", "open", "open.json", "--dry-run")]
    [InlineData(2, "not a valid name for a policy", "policy", "set", "a b", "open.json", "--dry-run")]
    public async Task Refuses_what_is_wrong_and_changes_nothing(int code, string said, params string[] arguments)
    {
        Directory.CreateDirectory(Path.Combine(Folder, "wrong"));
        await WriteAsync("wrong/gateway.json", "[]");

        var run = await _cli.RunAsync(arguments);

        Assert.Equal(code, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
        Assert.Equal(404, (await _bench.SendAsync("GET", "policies/p")).Status);
    }

    [Fact]
    public async Task Says_that_there_is_no_file_or_no_gateway()
    {
        await using var bare = await AdminBench.StartAsync();

        var none = await new Cli(Folder, new Uri(bare.Host.Addresses[0]), bare.AdminKey).RunAsync("config", "reload");
        var away = await new Cli(Folder).RunAsync("config", "reload", "--dry-run");

        Assert.Equal((1, 3), (none.ExitCode, away.ExitCode));
        Assert.Contains("without --config", none.Errors, StringComparison.Ordinal);
    }

    private async Task<string[]> DryAsync(int code, params string[] arguments)
    {
        var run = await _cli.RunAsync([.. arguments, "--dry-run"]);
        Assert.Equal((code, ""), (run.ExitCode, run.Errors));
        return Lines(run);
    }

    private Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(Folder, name), text);

    private static string[] Lines(CliRun run) => run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
