using Gateway.Policy.Classes;
using Gateway.Policy.Tools.Drafting;
using Gateway.Policy.Tools.Testing;

namespace Gateway.Policy.Tests.Tools.Drafting;

public sealed class PolicyDraftTests
{
    private static readonly DateTimeOffset Monday = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Limits_are_the_peaks_and_the_margin()
    {
        var draft = new PolicyDraft(0.5);
        foreach (var second in new[] { 0, 10, 59, 60, 7200, 86_399 })
            Call(draft, "send", second);

        var document = draft.ToDocument("d");

        var limits = document["tools"]!["send"]!["limits"]!.AsArray();
        Assert.Equal(["minute 5", "day 9"], limits.Select(limit => $"{limit!["window"]} {limit["max"]}"));
        Assert.Equal(6, draft.Allowed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Tool_with_an_approved_call_requires_approval_and_opens_no_class(bool byClass)
    {
        var draft = new PolicyDraft(0);
        Call(draft, "list", 0);
        draft.AddTool(Monday, "pay");
        draft.AddTool(Monday, "pay", isApproved: true);

        var document = draft.ToDocument("d", byClass ? static _ => ToolClass.Write : null);

        Assert.Equal("approve", (string?)document["tools"]!["pay"]!["action"]);
        Assert.Null(document["tools"]!["list"]?["action"]);
        Assert.Equal(byClass, document["classes"]?["Write"] is { } write && write["action"] is null);
        Assert.Equal(["pay: a person approved calls of it, so the draft requires approval for each"], draft.Notes);
    }

    [Fact]
    public void Refused_calls_are_reported_and_not_drafted()
    {
        var draft = new PolicyDraft(0);
        Call(draft, "list", 0);
        draft.AddRefused("drop");
        draft.AddRefused("drop");

        Assert.Equal(["list"], draft.ToDocument("d")["tools"]!.AsObject().Select(tool => tool.Key));
        Assert.Equal(["drop: 2 refused calls; not in the draft"], draft.Notes);
    }

    [Fact]
    public void Resources_and_prompts_are_named_one_by_one()
    {
        var draft = new PolicyDraft(0);
        draft.AddResource("docs://a");
        draft.AddResource("docs://*");
        draft.AddPrompt("hello");

        var document = draft.ToDocument("d");

        Assert.Equal("""["docs://a"]""", document["resources"]!["allow"]!.ToJsonString());
        Assert.Equal("""["hello"]""", document["prompts"]!["allow"]!.ToJsonString());
        Assert.Contains("docs://*: this resource is not in the "
            + "draft", Assert.Single(draft.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("with space")]
    [InlineData("_begins")]
    [InlineData("größe")]
    [InlineData("\"quoted\\\"")]
    [InlineData("a/very/long/name/that/goes/on/and/on/and/on/until/nobody/reads/it/any/more")]
    public void A_draft_of_any_name_loads_without_a_warning(string tool)
    {
        var draft = new PolicyDraft(0.5);
        Call(draft, tool, 0);
        Call(draft, tool + "2", 0);

        Assert.Empty(Policies.Load(draft.ToDocument("d").ToJsonString()).Problems);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_was_recorded_passes_the_draft(int seed)
    {
        var random = new Random(seed);
        var calls = Enumerable.Range(0, 400).Select(_ => random.Next(0, 3 * 86_400)).Order()
            .Select(second => (Second: second, Tool: $"tool_{random.Next(3)}")).ToList();
        var draft = new PolicyDraft(0);
        foreach (var (second, tool) in calls)
            Call(draft, tool, second);
        var policy = Encoding.UTF8.GetBytes(draft.ToDocument("d").ToJsonString());
        var tests = string.Join(',', calls.Select(call => $$"""
            {
              "at": "{{Monday.AddSeconds(call.Second):yyyy-MM-ddTHH:mm:ssZ}}",
              "call": { "tool": "{{call.Tool}}" }, "expect": "allow"
            }
            """));

        var report = CallTests.Run(PolicyLoader.Load(policy, "p.json").Policy!,
            Encoding.UTF8.GetBytes($$"""{"tests":[{{tests}}]}"""), "t.json");

        Assert.Equal(calls.Count, report.Results.Length);
        Assert.Empty(report.Failures);
    }

    [Fact]
    public void A_draft_by_class_has_one_rule_with_the_peak_of_all_tools_of_a_class()
    {
        var draft = new PolicyDraft(0);
        foreach (var tool in new[] { "list", "get", "get", "new" })
            Call(draft, tool, 0);
        Call(draft, "list", 7200);
        var policy = draft.ToDocument("d", static tool => tool == "new" ? ToolClass.Uncertain : ToolClass.Read);

        Assert.Equal(["new"], policy["tools"]!.AsObject().Select(static tool => tool.Key));
        Assert.Equal(["minute 3", "day 4"], policy["classes"]!["Read"]!["limits"]!.AsArray()
            .Select(static limit => $"{limit!["window"]} {limit["max"]}"));
        var binding = Policies.Bind(policy.ToJsonString());
        Assert.Equal("/classes/Read", Policies.Call(binding, "get", toolClass: ToolClass.Read).Rule);
        Assert.Equal("(uncertain class)", Policies.Call(binding, "get").Rule);
        Assert.Equal("/tools/new", Policies.Call(binding, "new").Rule);
    }

    private static void Call(PolicyDraft draft, string tool, int second) =>
        draft.AddTool(Monday.AddSeconds(second), tool);
}
