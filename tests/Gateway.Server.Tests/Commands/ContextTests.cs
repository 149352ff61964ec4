using System.Runtime.Versioning;

namespace Gateway.Server.Tests.Commands;

/// <summary>Gateways by name, and what the shell completes from the one that is spoken to.</summary>
public sealed class ContextTests : IAsyncLifetime
{
    private AdminBench _bench = null!;
    private Cli _cli = null!;

    private string File_ => Path.Combine(_bench.Folder, "saved", "contexts.json");

    private string Url => _bench.Host.Addresses[0];

    public async Task InitializeAsync()
    {
        _bench = await AdminBench.StartAsync();
        await _bench.ProvideAsync();
        _cli = new Cli(_bench.Folder) { Environment = { ["GATEWAY_URL"] = "", ["GATEWAY_CONTEXTS"] = File_ } };
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [UnixFact]
    public async Task Saves_in_the_home_folder_also_where_nothing_was_configured_there()
    {
        var home = Path.Combine(_bench.Folder, "home");
        Directory.CreateDirectory(home);
        foreach (var (name, value) in new[] { ("GATEWAY_CONTEXTS", ""), ("XDG_CONFIG_HOME", ""), ("HOME", home) })
            _cli.Environment[name] = value;

        Assert.Equal(0, (await AddAsync("prod", Url, _bench.AdminKey)).ExitCode);

        Assert.True(File.Exists(Path.Combine(home, ".config", "gateway", "contexts.json")));
        Assert.False(Directory.Exists(Path.Combine(_bench.Folder, "gateway")));
    }

    [UnixFact]
    [UnsupportedOSPlatform("windows")]
    public async Task Speaks_to_the_gateway_in_use_with_its_own_key()
    {
        Assert.Equal(0, (await AddAsync("prod", Url, _bench.AdminKey)).ExitCode);
        Assert.Equal(0, (await AddAsync("other", "http://127.0.0.1:1", "other-key")).ExitCode);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(File_));
        Assert.Contains("bot", (await _cli.RunAsync("grant", "list")).Output, StringComparison.Ordinal);
        Assert.Equal(3, (await _cli.RunAsync("grant", "list", "--context", "other")).ExitCode);
        Assert.Equal(0, (await _cli.RunAsync("context", "use", "other")).ExitCode);
        Assert.Equal(3, (await _cli.RunAsync("grant", "list")).ExitCode);
        Assert.Equal(0, (await _cli.RunAsync("grant", "list", "--context", "prod")).ExitCode);
        // A saved key goes to its own gateway only.
        Assert.Equal(2, (await _cli.RunAsync("grant", "list", "--context", "prod", "--gateway", Url)).ExitCode);
        var list = await _cli.RunAsync("context", "list", "--json");
        Assert.DoesNotContain(_bench.AdminKey, list.Output, StringComparison.Ordinal);
        Assert.Equal(
            ["other True", "prod False"],
            JsonNode.Parse(list.Output)!.AsArray().Select(static one => $"{one!["name"]} {(bool)one["inUse"]!}"));
        Assert.Equal(0, (await _cli.RunAsync("context", "remove", "other")).ExitCode);
        Assert.DoesNotContain("other", await File.ReadAllTextAsync(File_), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "There is no context \"prdo\"; did you mean \"prod\"?", "grant", "list", "--context", "prdo")]
    [InlineData(1, "There is no context \"prdo\"", "context", "use", "prdo")]
    [InlineData(1, "There is no context \"prdo\"", "context", "remove", "prdo")]
    [InlineData(2, "is not a valid name for a context", "context", "add", "a b", "--gateway", "http://127.0.0.1:1")]
    [InlineData(2, "is not a valid name for a context", "context", "add", "", "--gateway", "http://127.0.0.1:1")]
    [InlineData(2, "is not the address of a gateway", "context", "add", "x", "--gateway", "127.0.0.1:1")]
    [InlineData(2, "is not the address of a gateway", "context", "add", "x", "--gateway", "http://u:p@127.0.0.1:1")]
    [InlineData(2, "--gateway", "context", "add", "x")]
    [InlineData(2, "a key has no spaces", "grant", "list", "--admin-key", "pgwadm_a\npgwadm_b")]
    public async Task Refuses_what_is_wrong_and_saves_nothing(int code, string said, params string[] arguments)
    {
        await AddAsync("prod", Url, _bench.AdminKey);
        var before = await File.ReadAllTextAsync(File_);

        var run = await _cli.RunAsync(arguments);

        Assert.Equal(code, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(File_));
    }

    [UnixFact]
    [UnsupportedOSPlatform("windows")]
    public async Task Takes_an_empty_file_for_none()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File_)!);
        await File.WriteAllTextAsync(File_, "\n");
        File.SetUnixFileMode(File_, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.Equal(0, (await AddAsync("prod", Url, _bench.AdminKey)).ExitCode);

        Assert.Equal(0, (await _cli.RunAsync("grant", "list")).ExitCode);
    }

    [UnixFact]
    [UnsupportedOSPlatform("windows")]
    public async Task Refuses_a_file_that_others_may_read_one_that_is_broken_and_a_directory()
    {
        await AddAsync("prod", Url, _bench.AdminKey);
        File.SetUnixFileMode(File_, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        await RefusedAsync($"chmod 600 {File_}");
        File.Delete(File_);
        await File.WriteAllTextAsync(File_, """{ "contexts": [] }""");
        File.SetUnixFileMode(File_, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await RefusedAsync("is not valid; correct it");
        File.Delete(File_);
        Directory.CreateDirectory(File_);
        await RefusedAsync("is a directory");

        async Task RefusedAsync(string said)
        {
            foreach (var arguments in (string[][])[["grant", "list"], ["context", "list"], ["context", "use", "prod"]])
            {
                var run = await _cli.RunAsync(arguments);
                Assert.Equal((2, ""), (run.ExitCode, run.Output));
                Assert.Contains(said, Assert.Single(run.Errors.Trim().Split('\n')), StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("grant pause ", "bot")]
    [InlineData("grant show-config b", "bot")]
    [InlineData("server inspect ", "crm")]
    [InlineData("policy set ", "limited")]
    [InlineData("counter reset ", "bot@crm/lists/grant/fixed/month/0")]
    [InlineData("audit query --grant ", "bot")]
    [InlineData("tools list --server ", "crm")]
    [InlineData("grant create new --server ", "crm=limited")]
    [InlineData("grant list --context ", "prod")]
    [InlineData("context use ", "prod")]
    [InlineData("audit query --outcome ", "rate_limited")]
    public async Task Completes_names_from_the_running_gateway(string line, string wanted)
    {
        await AddAsync("prod", Url, _bench.AdminKey);
        line = "gateway " + line;

        // A gateway that is asked for names has a moment to tell them, which a busy machine may take from it.
        string[] words = [];
        await Soon.UntilAsync(
            async () => (words = (await _cli.RunAsync($"[suggest:{line.Length}]", line)).Output
                .Split('\n', StringSplitOptions.TrimEntries)).Contains(wanted),
            $"{wanted} is suggested");
        Assert.DoesNotContain(words, static word => word.StartsWith('-') || word.StartsWith('/'));
    }

    [Theory]
    [InlineData("grant pause --", "--json")]
    [InlineData("audit query ", "--outcome")]
    [InlineData("grant create new --", "--server")]
    public async Task Completes_options_where_a_dash_is_typed_or_nothing_else_can_come(string line, string wanted)
    {
        line = "gateway " + line;

        var run = await _cli.RunAsync($"[suggest:{line.Length}]", line);

        Assert.Contains(wanted, run.Output.Split('\n', StringSplitOptions.TrimEntries));
    }

    [Fact]
    public async Task Completes_nothing_and_says_nothing_where_there_is_no_gateway()
    {
        const string line = "gateway grant pause ";

        var run = await new Cli(_bench.Folder).RunAsync($"[suggest:{line.Length}]", line);

        Assert.Equal((0, "", ""), (run.ExitCode, run.Errors, run.Output));
    }

    private Task<CliRun> AddAsync(string name, string url, string key) =>
        _cli.RunAsync("context", "add", name, "--gateway", url, "--admin-key", key);
}
