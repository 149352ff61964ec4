namespace Gateway.Server.Tests.Operators;

/// <summary>The command line as a new administrator and a new approver use it.</summary>
public sealed class OperatorVerbTests : IAsyncLifetime
{
    private const string Password = "correct horse battery staple";
    private AdminBench _bench = null!;
    private Cli _admin = null!;
    private Cli _ana = null!;

    private string Saved => Path.Combine(_bench.Folder, "saved", "contexts.json");

    private string Url => _bench.Host.Addresses[0];

    public async Task InitializeAsync()
    {
        _bench = await AdminBench.StartAsync();
        await _bench.ProvideAsync();
        _admin = new Cli(_bench.Folder, new Uri(Url), _bench.AdminKey);
        _ana = new Cli(_bench.Folder) { Environment = { ["GATEWAY_URL"] = "", ["GATEWAY_CONTEXTS"] = Saved } };
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Signs_in_and_out_with_a_key_of_its_own_in_the_context()
    {
        await MakeAnaAsync("editor");

        var login = await SignInAsync(Password, "--gateway", Url, "--as", "prod");

        Assert.True(login.ExitCode == 0, login.Errors);
        Assert.Contains("ana is signed in as editor until", login.Output, StringComparison.Ordinal);
        var saved = await File.ReadAllTextAsync(Saved);
        Assert.Contains("pgo_", saved, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, saved, StringComparison.Ordinal);
        Assert.Contains("roles    editor", Squeezed(await WellAsync(_ana, "whoami"), 4), StringComparison.Ordinal);
        await WellAsync(_ana, "grant", "pause", "bot");
        Assert.Contains("ana pause grants/bot", await WellAsync(_ana, "audit", "query", "--kind", "change"),
            StringComparison.Ordinal);

        await WellAsync(_ana, "logout");

        Assert.Equal(2, (await _ana.RunAsync("whoami")).ExitCode);
        Assert.DoesNotContain("pgo_", await File.ReadAllTextAsync(Saved), StringComparison.Ordinal);
        Assert.Equal("[]", (await WellAsync(_admin, "key", "list", "--operator", "ana", "--json")).Trim());
    }

    [Fact]
    public async Task Sets_lists_and_clears_an_absence()
    {
        await WellAsync(_admin, "operator", "create", "bob", "--role", "approver");
        await WellAsync(_admin, "operator", "create", "anna", "--role", "viewer");

        var away = await WellAsync(
            _admin, "operator", "away", "bob", "--until", "7d", "--delegate", "anna", "--note", "On leave");

        Assert.StartsWith("bob is away until ", away, StringComparison.Ordinal);
        Assert.EndsWith("; anna decides for bob.", away.Trim(), StringComparison.Ordinal);
        var listed = JsonNode.Parse(await WellAsync(_admin, "operator", "absences", "--output", "json"))![0]!;
        Assert.Equal(("bob", "anna", "away", "On leave", true), ((string?)listed["operator"],
            (string?)listed["delegate"], (string?)listed["state"], (string?)listed["note"], (bool)listed["decides"]!));
        var wrong = await _admin.RunAsync("operator", "away", "bob", "--until", "91d");
        Assert.NotEqual(0, wrong.ExitCode);
        Assert.Contains("within 90 days", wrong.Errors, StringComparison.Ordinal);
        Assert.Equal("bob is back.", (await WellAsync(_admin, "operator", "back", "bob")).Trim());
        Assert.Contains("Nobody is away.", await WellAsync(_admin, "operator", "absences"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_out_forgets_a_key_that_was_revoked_already()
    {
        await MakeAnaAsync("editor");
        var login = await SignInAsync(Password, "--gateway", Url, "--as", "prod");
        Assert.True(login.ExitCode == 0, login.Errors);
        var keys = await WellAsync(_admin, "key", "list", "--operator", "ana", "--json");
        var name = (string)JsonNode.Parse(keys)![0]!["name"]!;
        await WellAsync(_admin, "key", "revoke", name, "--operator", "ana");

        Assert.Contains("It was forgotten in prod.", await WellAsync(_ana, "logout"), StringComparison.Ordinal);

        Assert.DoesNotContain("pgo_", await File.ReadAllTextAsync(Saved), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Saves_nothing_where_the_password_is_wrong_or_missing()
    {
        await MakeAnaAsync("editor");

        var wrong = await SignInAsync("not my password", "--gateway", Url);
        var none = await SignInAsync("", "--gateway", Url);

        Assert.Equal((1, 2), (wrong.ExitCode, none.ExitCode));
        Assert.Contains("The username or password is wrong", wrong.Errors, StringComparison.Ordinal);
        Assert.Contains("No password was given", none.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Saved));
    }

    [Fact]
    public async Task Keeps_the_context_and_the_keys_from_before()
    {
        await MakeAnaAsync("viewer");
        await WellAsync(_ana, "context", "add", "old", "--gateway", Url, "--admin-key", _bench.AdminKey);

        Assert.Contains("bot", await WellAsync(_ana, "grant", "list"), StringComparison.Ordinal);
        Assert.Contains("administrator's key", await WellAsync(_ana, "whoami"), StringComparison.Ordinal);
        Assert.Equal(1, (await _ana.RunAsync("logout")).ExitCode);
        var login = await SignInAsync(Password, "--gateway", Url, "--as", "mine");
        Assert.True(login.ExitCode == 0, login.Errors);
        Assert.Equal(1, (await _ana.RunAsync("grant", "pause", "bot")).ExitCode);
        await WellAsync(_ana, "grant", "pause", "bot", "--context", "old");
    }

    [Fact]
    public async Task Makes_changes_disables_and_removes_operators()
    {
        await MakeAnaAsync("viewer");

        await WellAsync(_admin, "operator", "set", "ana", "--role", "approver:crm", "--display-name", "Ana Sol");
        var shown = JsonNode.Parse(await WellAsync(_admin, "operator", "show", "ana", "--json"))!;
        Assert.Equal(("approver:crm", "Ana Sol", true), (
            (string)shown["roles"]![0]!, (string)shown["displayName"]!, (bool)shown["hasPassword"]!));
        await WellAsync(_admin, "operator", "disable", "ana");
        await WellAsync(_admin, "operator", "set", "ana", "--display-name", "Ana");
        Assert.Contains("disabled", await WellAsync(_admin, "operator", "list"), StringComparison.Ordinal);
        Assert.Equal(1, (await SignInAsync(Password, "--gateway", Url)).ExitCode);
        await WellAsync(_admin, "operator", "enable", "ana");
        await WellAsync(_admin, "operator", "remove", "ana");
        var gone = await _admin.RunAsync("operator", "show", "ana");
        Assert.Equal(1, gone.ExitCode);
        Assert.Contains("There is no operator \"ana\"", gone.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Makes_a_small_key_and_revokes_it()
    {
        await MakeAnaAsync("admin");

        var made = await WellAsync(
            _admin, "key", "create", "ci", "--operator", "ana", "--role", "viewer", "--expires", "30d", "--json");
        var ci = new Cli(_bench.Folder, new Uri(Url), (string)JsonNode.Parse(made)!["key"]!);

        await WellAsync(ci, "grant", "list");
        var refused = await ci.RunAsync("grant", "pause", "bot");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("ana may not do this here: it requires the role editor or admin", refused.Errors,
            StringComparison.Ordinal);
        await WellAsync(ci, "key", "revoke", "ci");
        var ended = await ci.RunAsync("grant", "list");
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("This key is not valid", ended.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disables_the_administrators_key_and_makes_another()
    {
        Assert.Equal(1, (await _admin.RunAsync("operator", "break-glass", "--disable")).ExitCode);
        await MakeAnaAsync("admin");
        await SignInAsync(Password, "--gateway", Url);

        await WellAsync(_admin, "operator", "break-glass", "--disable");

        Assert.Equal(2, (await _admin.RunAsync("status")).ExitCode);
        Assert.Contains("is off", await WellAsync(_ana, "operator", "break-glass"), StringComparison.Ordinal);
        Assert.Contains("pgwadm_", await WellAsync(_ana, "operator", "break-glass", "--enable"),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Nothing to change", "operator", "set", "ana")]
    [InlineData("not both", "operator", "break-glass", "--disable", "--enable")]
    [InlineData("write --operator NAME", "key", "list")]
    [InlineData("a role is viewer", "operator", "create", "ben", "--role", "boss")]
    [InlineData("is not a time", "key", "create", "k", "--operator", "ana", "--expires", "never")]
    public async Task Says_what_is_wrong(string said, params string[] arguments)
    {
        await MakeAnaAsync("viewer");

        var run = await _admin.RunAsync(arguments);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
    }

    private async Task MakeAnaAsync(string role)
    {
        _admin.Input = Password + "\n";
        await WellAsync(_admin, "operator", "create", "ana", "--role", role, "--password");
    }

    private Task<CliRun> SignInAsync(string password, params string[] more)
    {
        _ana.Input = password + "\n";
        return _ana.RunAsync(["login", "ana", .. more]);
    }

    private static async Task<string> WellAsync(Cli cli, params string[] arguments)
    {
        var run = await cli.RunAsync(arguments);
        Assert.True(run.ExitCode == 0, $"{string.Join(' ', arguments)}: {run.ExitCode} {run.Output} {run.Errors}");
        return run.Output;
    }

    private static string Squeezed(string text, int spaces) =>
        Regex.Replace(text, " {2,}", new string(' ', spaces));
}
