namespace Gateway.Server.Tests.Commands;

/// <summary>The verbs for the limits that policies, services and domains share.</summary>
public sealed class BudgetVerbTests : IAsyncLifetime, IDisposable
{
    private readonly ManagedGateway _gateway = new();

    public Task InitializeAsync() => _gateway.InitializeAsync();

    public Task DisposeAsync() => _gateway.DisposeAsync();

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public async Task Creates_changes_shows_applies_and_removes_a_budget()
    {
        Assert.Contains("no budgets", await _gateway.WellAsync("budget", "list"), StringComparison.Ordinal);
        Assert.Contains("mail allows 1000 per 60.",
            await _gateway.WellAsync("budget", "set", "mail", "--window", "60", "--max", "1000", "--grant", "support"),
            StringComparison.Ordinal);
        Assert.Contains("mail allows 1500.25 per 60.",
            await _gateway.WellAsync("budget", "set", "mail", "--max", "1500.25"), StringComparison.Ordinal);
        var shown = await _gateway.WellAsync("budget", "show", "mail");
        Assert.Matches("(?m)^used +0$", shown);
        Assert.Matches("(?m)^left +1500.25$", shown);
        Assert.Matches("(?m)^grants +support$", shown);

        _gateway.Write("policy.json",
            """{ "version": "1", "default": "deny", "tools": { "send": { "budgets": ["mail"] } } }""");
        await _gateway.WellAsync("policy", "set", "mailer", "policy.json");
        Assert.Matches("(?m)^mail +0 +1500.25 +60 .*mailer +api$", await _gateway.WellAsync("budget", "list"));
        Assert.Contains("used by the policies mailer",
            (await _gateway.NotWellAsync(ExitCode.No, "budget", "remove", "mail")).Errors, StringComparison.Ordinal);

        _gateway.Write("objects.json", """
            { "budgets": {
              "mail": { "window": 60, "max": 5, "grants": ["*"] },
              "sms": { "window": "day", "max": 9, "services": ["billing"] } } }
            """);
        var applied = await _gateway.WellAsync("apply", "-f", "objects.json");
        Assert.Matches("(?m)^change +budgets/mail$", applied);
        Assert.Matches("(?m)^create +budgets/sms$", applied);
        Assert.Contains(
            "2 unchanged", await _gateway.WellAsync("apply", "-f", "objects.json"), StringComparison.Ordinal);
        _gateway.Write("policy.json",
            """{ "version": "1", "default": "deny", "tools": { "send": { "budgets": ["mail", "sms"] } } }""");
        await _gateway.WellAsync("policy", "set", "mailer", "policy.json");
        _gateway.Write("objects.json", """{ "budgets": {} }""");
        Assert.Contains("budgets/sms cannot be deleted: mailer uses it",
            (await _gateway.NotWellAsync(ExitCode.Usage, "apply", "-f", "objects.json", "--prune")).Errors,
            StringComparison.Ordinal);

        _gateway.Write("policy.json", """{ "version": "1", "default": "deny" }""");
        await _gateway.WellAsync("policy", "set", "mailer", "policy.json");
        await _gateway.WellAsync("apply", "-f", "objects.json", "--prune");
        await _gateway.WellAsync("budget", "remove", "mail");
        Assert.Contains("no budgets", await _gateway.WellAsync("budget", "list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_what_is_wrong_and_what_to_write()
    {
        Assert.Contains("--max", (await _gateway.NotWellAsync(ExitCode.Usage, "budget", "set", "x")).Errors,
            StringComparison.Ordinal);
        var missing = await _gateway.NotWellAsync(
            ExitCode.Usage, "budget", "set", "x", "--window", "day", "--grant", "a");
        Assert.Contains("\"max\" is missing", missing.Errors, StringComparison.Ordinal);
        Assert.Contains("gateway budget list",
            (await _gateway.NotWellAsync(ExitCode.No, "budget", "show", "x")).Errors, StringComparison.Ordinal);
    }
}
