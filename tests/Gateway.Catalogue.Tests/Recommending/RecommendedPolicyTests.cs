using Gateway.Catalogue.Classifying;
using Gateway.Catalogue.Listing;
using Gateway.Catalogue.Recommending;
using Gateway.Catalogue.Tests.Classifying;
using Gateway.Policy;
using Gateway.Policy.Decisions;
using Gateway.Policy.Reviewing;
using Gateway.Policy.Rules;

namespace Gateway.Catalogue.Tests.Recommending;

/// <summary>The recommended policies of all servers of the labelled sample, and of small made-up servers.</summary>
public sealed class RecommendedPolicyTests
{
    public static TheoryData<RecommendedProfile> Profiles => [.. Enum.GetValues<RecommendedProfile>()];

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Each_server_of_the_sample_gets_a_policy_that_a_review_accepts_without_a_warning(
        RecommendedProfile profile)
    {
        foreach (var (server, tools) in Servers())
        {
            var policy = Recommend(server, tools, profile);
            var bytes = Encoding.UTF8.GetBytes(policy.Document.ToJsonString());

            var found = PolicyReview.Run(
                bytes, server, [.. tools.Select(static one => RecommendedPolicy.Reviewed(one.Tool, one.Found))]);

            Assert.True(found.IsEmpty, $"{server}: {string.Join('\n', found)}");
            Assert.DoesNotContain(policy.Notes, static note => note.Contains("omitted", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_typical_read_runs_and_no_critical_tool_runs_without_a_limit_or_an_approval(RecommendedProfile profile)
    {
        foreach (var (server, tools) in Servers())
        {
            var binding = Bind(Recommend(server, tools, profile));
            foreach (var one in tools)
            {
                var decision = Decide(binding, one.Tool);
                if (one.Found is { IsSure: true, Category: ToolCategory.Read, Risk: RiskLevel.Low }
                    && !TakesCode(one.Tool))
                    Assert.Equal(DecisionOutcome.Allow, decision.Outcome);
                if (one.Found.Risk == RiskLevel.Critical || one.Risk == RiskLevel.Critical)
                {
                    Assert.True(
                        decision.Outcome != DecisionOutcome.Allow || !decision.Costs.IsEmpty,
                        $"{server} {one.Tool.Name} runs without a limit or an approval");
                }

                if (one.Found.Risk == RiskLevel.Critical || one.Found.Category == ToolCategory.Secret)
                    Assert.Null(decision.Shadow);
            }
        }
    }

    [Fact]
    public void Four_of_five_tools_that_read_or_write_run_without_a_person_in_the_balanced_profile()
    {
        var (run, all) = (0, 0);
        foreach (var (server, tools) in Servers())
        {
            var binding = Bind(Recommend(server, tools, RecommendedProfile.Balanced));
            foreach (var one in tools.Where(static one => one.Label is ToolCategory.Read or ToolCategory.Write))
            {
                all++;
                run += Decide(binding, one.Tool).Outcome == DecisionOutcome.Allow ? 1 : 0;
            }
        }

        Assert.True(all > 200, $"only {all} tools");
        Assert.True(run >= all * 0.8, $"{run} of {all} run");
    }

    [Theory]
    [InlineData("run_sql")]
    [InlineData("execute_query")]
    [InlineData("read_query")]
    [InlineData("query_database")]
    [InlineData("get_rows")]
    public void A_statement_is_never_run_without_a_person_in_any_profile(string name)
    {
        var tool = Tool(name, """{"properties":{"sql":{"type":"string"}},"required":["sql"]}""");
        foreach (var profile in Enum.GetValues<RecommendedProfile>())
        {
            var binding = Bind(RecommendedPolicy.Of("s", [(tool, ToolClassifier.Of(tool))], [], profile));

            Assert.NotEqual(DecisionOutcome.Allow, Decide(binding, tool).Outcome);
        }
    }

    [Theory]
    [InlineData(RecommendedProfile.Balanced, DecisionOutcome.Deny)]
    [InlineData(RecommendedProfile.Cautious, DecisionOutcome.Deny)]
    [InlineData(RecommendedProfile.Observe, DecisionOutcome.Allow)]
    public void A_tool_that_changed_is_refused_until_it_is_accepted_unless_the_profile_only_observes(
        RecommendedProfile profile, DecisionOutcome outcome)
    {
        var policy = RecommendedPolicy.Of("crm", [(Sample[0], ToolClassifier.Of(Sample[0]))], [], profile);
        var binding = Bind(policy);
        var call = new PolicyCall(PolicySubject.Tool, "list_x", "{}"u8.ToArray(), null, null, ToolStanding.Unaccepted);

        Assert.Equal(outcome == DecisionOutcome.Deny ? "deny" : "warn", (string?)policy.Document["pin"]);
        Assert.Equal(outcome, PolicyEngine.Decide(binding, call).Outcome);
        var accepted = call with { Standing = ToolStanding.Accepted };
        Assert.Equal(DecisionOutcome.Allow, PolicyEngine.Decide(binding, accepted).Outcome);
    }

    [Theory]
    [InlineData(RecommendedProfile.Balanced, "list_x", "A typical call runs, at most 120 a minute for each grant.")]
    [InlineData(RecommendedProfile.Balanced, "refund_x", "A typical call {\"amount\":10} runs, up to 1000 of "
        + "args.amount a day for each grant. With args.amount above 100, it needs a person's approval.")]
    [InlineData(RecommendedProfile.Cautious, "send_x",
        "A typical call {\"to\":\"text\"} needs a person's approval, at most 30 a minute for each grant.")]
    [InlineData(RecommendedProfile.Cautious, "delete_x", "A typical call {\"id\":\"text\"} is denied.")]
    [InlineData(RecommendedProfile.Observe, "delete_x", "A typical call {\"id\":\"text\"} needs a person's approval, "
        + "at most 5 an hour for each grant.")]
    public void Each_rule_names_its_values_and_its_effect_on_typical_arguments(
        RecommendedProfile profile, string name, string effect)
    {
        var policy = Recommend("crm", [.. Sample.Select(static tool => new SampleTool(
            "crm", tool, default, default, ToolClassifier.Of(tool)))], profile);

        Assert.EndsWith(effect, (string)policy.Document["tools"]![name]!["reason"]!, StringComparison.Ordinal);
        Assert.Contains(policy.Notes, note => note.StartsWith($"{name}: ", StringComparison.Ordinal)
            && note.EndsWith(effect, StringComparison.Ordinal));
    }

    [Fact]
    public void Resources_and_prompts_are_allowed_by_name_or_denied_with_a_note()
    {
        List<ListedItem> items =
        [
            new(InventoryKind.Resource, "docs://handbook/1", "{}"), new(InventoryKind.Resource, "docs://a/../b", "{}"),
            new(InventoryKind.Resource, "docs://any*", "{}"), new(InventoryKind.Prompt, "greet", "{}"),
            new(InventoryKind.Prompt, "greet?", "{}"), new(InventoryKind.Template, "docs://{id}", "{}"),
        ];

        var balanced = RecommendedPolicy.Of("crm", [], items);
        var binding = Bind(balanced);
        Assert.Equal(DecisionOutcome.Allow,
            PolicyEngine.Decide(binding, PolicyCall.OfResource("docs://handbook/1")).Outcome);
        Assert.Equal(DecisionOutcome.Deny, PolicyEngine.Decide(binding, PolicyCall.OfResource("docs://x")).Outcome);
        Assert.Equal(DecisionOutcome.Allow, PolicyEngine.Decide(binding, PolicyCall.OfPrompt("greet")).Outcome);
        Assert.Equal(DecisionOutcome.Deny, PolicyEngine.Decide(binding, PolicyCall.OfPrompt("greet2")).Outcome);
        Assert.Equal(5, balanced.Notes.Count);
        Assert.Contains(
            balanced.Notes,
            static note => note.StartsWith("resource templates: 1 denied", StringComparison.Ordinal));

        var cautious = RecommendedPolicy.Of("crm", [], items, RecommendedProfile.Cautious);
        Assert.Equal("""{"default":"deny"}""", cautious.Document["resources"]!.ToJsonString());
        Assert.Contains("resources: 3 denied by the cautious profile", cautious.Notes);
        Assert.Contains("prompts: 2 denied by the cautious profile", cautious.Notes);
    }

    [Fact]
    public void Pages_of_apps_are_allowed_by_name_or_denied_with_a_note()
    {
        List<ListedItem> items =
        [
            new(InventoryKind.Tool, "chart", """{"_meta":{"ui":{"resourceUri":"ui://chart/page.html"}}}"""),
            new(InventoryKind.Tool, "odd", """{"_meta":{"ui":[1]}}"""),
        ];
        var page = PolicyCall.OfResource("ui://chart/page.html");

        var balanced = RecommendedPolicy.Of("crm", [], items);
        var cautious = RecommendedPolicy.Of("crm", [], items, RecommendedProfile.Cautious);

        Assert.Equal(DecisionOutcome.Allow, PolicyEngine.Decide(Bind(balanced), page).Outcome);
        Assert.Contains(balanced.Notes, static note => note.StartsWith("apps: allowed", StringComparison.Ordinal));
        Assert.Equal(DecisionOutcome.Deny, PolicyEngine.Decide(Bind(cautious), page).Outcome);
        Assert.Equal("""{"allow":false}""", cautious.Document["apps"]!.ToJsonString());
    }

    private static readonly ToolFacts[] Sample =
    [
        Tool("list_x", "{}"), Tool("refund_x", """{"properties":{"amount":{"type":"number"}}}"""),
        Tool("send_x", """{"properties":{"to":{"type":"string"}}}"""),
        Tool("delete_x", """{"properties":{"id":{"type":"string"}}}"""),
    ];

    private static IEnumerable<(string Server, List<SampleTool> Tools)> Servers() => DevelopmentSample.Tools
        .GroupBy(static one => one.Server)
        .Select(static group => (group.Key, group.DistinctBy(static one => one.Tool.Name).ToList()));

    private static RecommendedPolicy Recommend(
        string server, IReadOnlyList<SampleTool> tools, RecommendedProfile profile) =>
        RecommendedPolicy.Of(server, [.. tools.Select(static one => (one.Tool, one.Found))], [], profile);

    private static PolicyBinding Bind(RecommendedPolicy policy) => PolicyLoader.Load(
        Encoding.UTF8.GetBytes(policy.Document.ToJsonString()), "p").Policy!.Bind("bot", "crm");

    private static PolicyDecision Decide(PolicyBinding binding, ToolFacts tool) => PolicyEngine.Decide(
        binding, PolicyCall.OfTool(
            tool.Name, Encoding.UTF8.GetBytes(RuleEffect.Typical(tool.InputSchema).ToJsonString())));

    private static bool TakesCode(ToolFacts tool) =>
        SchemaSigns.Of(tool.InputSchema) is { } input && (input.Statement ?? input.Program) is not null;

    private static ToolFacts Tool(string name, string schema) =>
        new(name, null, JsonElement.Parse(schema), null, null);
}
