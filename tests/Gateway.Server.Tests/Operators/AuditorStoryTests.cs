using Gateway.Server.Tests.Approvals;

namespace Gateway.Server.Tests.Operators;

/// <summary>An auditor's questions, each answered by one command of the real program.</summary>
public sealed class AuditorStoryTests : IAsyncLifetime
{
    private const string Password = "correct horse battery staple";
    private ApprovalBench _bench = null!;
    private Cli _auditor = null!;

    public async Task InitializeAsync()
    {
        _bench = await ApprovalBench.StartAsync();
        _auditor = new Cli(_bench.Gateway.Folder, _bench.Gateway.Address, ApprovalBench.AdminKey);
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task One_command_answers_each_question()
    {
        await LiveAsync();

        await AnswersAsync("ana create policies/support", "audit", "query", "--kind", "change", "--since", "today");
        await AnswersAsync("ana approved refund on ", "audit", "query", "--became", "approved");
        await AnswersAsync("ana revoke grants/gone", "audit", "query", "--action", "revoke", "--by", "ana");
        await AnswersAsync("ana sign-in signed-in", "audit", "query", "--became", "signed-in");
        await AnswersAsync("(nobody) sign-in refused  operators/ana", "audit", "query", "--became", "refused");
        await AnswersAsync("(nobody) key refused", "audit", "query", "--became", "refused", "--action", "key");
        await AnswersAsync("change /all_tools/limits/0/max from 5 to 9", "history", "--raised", "--since", "today");
        await AnswersAsync("ana viewed", "audit", "query", "--became", "viewed");
        await AnswersAsync("ana export-audit", "audit", "query", "--action", "export-audit");
        await AnswersAsync("ana export-report", "audit", "query", "--action", "export-report");
        await AnswersAsync("denied", "audit", "query", "--outcome", "denied", "--since", "today");
        await AnswersAsync(
            "Refunds are approved by a person.", "audit", "query", "--outcome", "approval_required");

        // Nothing is missing, and the program says so.
        var gap = await _auditor.RunAsync("audit", "query", "--kind", "gap");
        Assert.Equal((1, "No record matches.\n"), (gap.ExitCode, gap.Errors));
        // The end of a gateway writes a checkpoint; while it runs the latest minute has none.
        await _bench.Gateway.DisposeHostAsync();
        var verified = await _auditor.RunAsync(
            "audit", "verify", "--data", Path.Combine(_bench.Gateway.Folder, "data"));
        Assert.True(verified.ExitCode == 0, verified.Output + verified.Errors);
        Assert.StartsWith("sound: ", verified.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_sign_in_is_recorded_without_what_was_typed_and_in_a_bounded_number()
    {
        await MakeAnaAsync();
        await TryAsync("ana", "wrong-password-of-ana");
        await TryAsync("my-password-in-the-wrong-field", "x");

        var refused = await _auditor.RunAsync("audit", "query", "--became", "refused", "--json");

        var records = refused.Output.Trim().Split('\n').Select(static line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(["operators/ana", null], records.Select(static record => (string?)record["object"]));
        Assert.All(records, static record => Assert.Equal(
            ("access", "(nobody)", "sign-in", "127.0.0.1"),
            ((string?)record["kind"], (string?)record["by"], (string?)record["action"], (string?)record["from"])));
        Assert.DoesNotContain("wrong-password-of-ana", refused.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("my-password-in-the-wrong-field", refused.Output, StringComparison.Ordinal);
    }

    /// <summary>A day of ana, an editor, and of an agent.</summary>
    private async Task LiveAsync()
    {
        await MakeAnaAsync();
        await TryAsync("ana", "not her password");
        var ana = new Cli(_bench.Gateway.Folder)
        {
            Environment =
            {
                ["GATEWAY_URL"] = "", ["GATEWAY_ADMIN_KEY"] = "",
                ["GATEWAY_CONTEXTS"] = Path.Combine(_bench.Gateway.Folder, "saved", "contexts.json"),
            },
            Input = Password + "\n",
        };
        await WellAsync(ana, "login", "ana", "--gateway", _bench.Gateway.Address.ToString(), "--as", "prod");
        foreach (var max in (int[])[5, 9])
        {
            await File.WriteAllTextAsync(Path.Combine(_bench.Gateway.Folder, "support.json"), $$"""
                { "version": "1", "default": "allow", "all_tools": { "limits": [
                  { "counter": "calls", "window": "hour", "max": {{max}} } ] } }
                """);
            await WellAsync(ana, "policy", "set", "support", "support.json", "--reason", "asked by support");
        }

        await WellAsync(ana, "server", "add", "crm", "http://127.0.0.1:9/mcp");
        await WellAsync(ana, "grant", "create", "gone", "--server", "crm=support");
        await WellAsync(ana, "grant", "revoke", "gone");
        var id = await _bench.AskAsync();
        await WellAsync(ana, "approvals", "list");
        await WellAsync(ana, "approvals", "approve", id, "--comment", "checked");
        await _bench.Gateway.CallToolAsync("forbidden", "{}");
        await WellAsync(ana, "audit", "query", "--limit", "5000", "--output", "csv");
        await WellAsync(ana, "report", "--since", "1d");
        var stranger = await new Cli(_bench.Gateway.Folder, _bench.Gateway.Address, "pgo_not-a-key-of-anybody")
            .RunAsync("status");
        Assert.Equal(ExitCode.Usage, stranger.ExitCode);
    }

    private async Task MakeAnaAsync()
    {
        var made = await _bench.SendAsync("POST", "operators", new JsonObject
        {
            ["name"] = "ana",
            ["roles"] = new JsonArray("editor", "approver"),
            ["password"] = Password,
        });
        Assert.Equal(201, made.Status);
    }

    private async Task TryAsync(string name, string password)
    {
        var tried = await _bench.SendAsync(
            "POST", "session", new JsonObject { ["name"] = name, ["password"] = password });
        Assert.Equal(401, tried.Status);
    }

    private static async Task WellAsync(Cli cli, params string[] arguments)
    {
        var run = await cli.RunAsync(arguments);
        Assert.True(run.ExitCode == 0, $"{string.Join(' ', arguments)}: {run.ExitCode} {run.Output} {run.Errors}");
    }

    private async Task AnswersAsync(string expected, params string[] question)
    {
        var run = await _auditor.RunAsync(question);
        Assert.True(run.ExitCode == 0, $"{string.Join(' ', question)}: {run.ExitCode} {run.Errors}");
        Assert.Contains(expected, run.Output, StringComparison.Ordinal);
    }
}
