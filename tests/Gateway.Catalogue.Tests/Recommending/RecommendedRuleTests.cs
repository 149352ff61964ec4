using Gateway.Catalogue.Classifying;
using Gateway.Catalogue.Listing;
using Gateway.Catalogue.Recommending;
using Gateway.Policy;
using Gateway.Policy.Decisions;

namespace Gateway.Catalogue.Tests.Recommending;

/// <summary>The entry that is recommended for a tool, as the policy's own loader and evaluate take it.</summary>
public sealed class RecommendedRuleTests
{
    [Fact]
    public void Lets_read_a_hundred_and_twenty_times_a_minute() => Assert.Equal(
        """{"limits":[{"counter":"list_customers_rate","window":"minute","max":120,"scope":"grant"}]}""",
        Rule("list_customers").ToJsonString());

    [Fact]
    public void Lets_write_thirty_times_a_minute() => Assert.Equal(
        """{"limits":[{"counter":"send_message_rate","window":"minute","max":30,"scope":"grant"}]}""",
        Rule("send_message").ToJsonString());

    [Fact]
    public void Lets_run_ten_times_a_minute_with_what_the_schema_asks_for()
    {
        var rule = Rule("run_workflow", """
            { "type": "object", "required": ["kind"], "properties": {
                "kind": { "type": "string", "enum": ["day", "week"] },
                "out_path": { "type": "string", "maxLength": 80 } } }
            """);

        Assert.Equal(10, (int)rule["limits"]![0]!["max"]!);
        Assert.Equal("minute", (string?)rule["limits"]![0]!["window"]);
        Assert.Equal(["day", "week"], rule["arguments"]!["properties"]!["kind"]!["enum"]!.AsArray()
            .Select(static choice => (string)choice!));
        Assert.Equal(DecisionOutcome.Allow, Evaluate("run_workflow", rule, """{"kind":"day","out_path":"a"}"""));
        Assert.Equal(DecisionOutcome.Deny, Evaluate("run_workflow", rule, """{"kind":"year"}"""));
        Assert.Equal(DecisionOutcome.Deny, Evaluate("run_workflow", rule, """{"kind":"day","more":1}"""));
        Assert.Equal(DecisionOutcome.Deny, Evaluate("run_workflow", rule, """{"kind":"day","out_path":"../x"}"""));
    }

    [Fact]
    public void Asks_before_it_destroys_and_five_times_an_hour()
    {
        var rule = Rule("delete_customer");

        Assert.Equal("approve", (string?)rule["action"]);
        Assert.Equal(("hour", 5), ((string?)rule["limits"]![0]!["window"], (int)rule["limits"]![0]!["max"]!));
        Assert.Equal(DecisionOutcome.Ask, Evaluate("delete_customer", rule, "{}"));
    }

    [Fact]
    public void Asks_before_it_returns_a_secret_and_redacts_the_result()
    {
        var rule = Rule("get_secret");

        Assert.Equal(DecisionOutcome.Ask, Evaluate("get_secret", rule, "{}"));
        Assert.Equal("secret", (string?)rule["results"]!["redact"]![0]!["known"]);
        Assert.Equal(("hour", 5), ((string?)rule["limits"]![0]!["window"], (int)rule["limits"]![0]!["max"]!));
    }

    [Fact]
    public void Asks_and_redacts_where_a_tool_is_uncertain_and_may_return_a_secret()
    {
        var probabilities = Enum.GetValues<ToolCategory>().ToDictionary(
            static category => category, static category => category == ToolCategory.Secret ? 0.2 : 0.16);
        var rule = RecommendedRule.Of(Tool("pay_x", """{"properties":{"amount":{"type":"number"}}}"""),
            new Classification(ToolCategory.Financial, RiskLevel.Critical, 0.16, ["Not sure"])
            {
                IsSure = false,
                Probabilities = probabilities,
            })!;

        Assert.Equal(DecisionOutcome.Ask, Evaluate("pay_x", rule, """{"amount":1}"""));
        Assert.Equal("secret", (string?)rule["results"]!["redact"]![0]!["known"]);
    }

    [Theory]
    [InlineData("run_sql", """{"properties":{"sql":{"type":"string"}}}""", """{"sql":"drop table x"}""")]
    [InlineData("run_command", """{"properties":{"command":{"type":"string"}}}""", """{"command":"ls"}""")]
    [InlineData("frobnicate", "{}", "{}")]
    public void Asks_before_it_runs_free_text_or_what_cannot_be_classified(
        string name, string schema, string arguments) =>
        Assert.Equal(DecisionOutcome.Ask, Evaluate(name, Rule(name, schema), arguments));

    [Fact]
    public void Asks_above_a_threshold_and_caps_what_is_paid_a_day()
    {
        var rule = Rule("create_refund", """{ "properties": { "amount": { "type": "number" } } }""");

        Assert.Equal("args.amount", (string?)rule["limits"]![0]!["increment_from"]);
        Assert.Equal("day", (string?)rule["limits"]![0]!["window"]);
        Assert.Equal(DecisionOutcome.Allow, Evaluate("create_refund", rule, """{"amount":100}"""));
        Assert.Equal(DecisionOutcome.Ask, Evaluate("create_refund", rule, """{"amount":101}"""));
        Assert.NotEqual(DecisionOutcome.Allow, Evaluate("create_refund", rule, "{}"));
    }

    [Fact]
    public void Asks_each_time_where_no_member_says_how_much() =>
        Assert.Equal("approve", (string?)Rule("payout")["action"]);

    [Theory]
    [InlineData("run écrire/[2J")]
    [InlineData("-run")]
    [InlineData("run.a/b")]
    public void Names_a_counter_that_a_policy_takes_whatever_the_tool_is_called(string name) =>
        Assert.Equal(DecisionOutcome.Allow, Evaluate(name, Rule(name), "{}"));

    [Fact]
    public void Shares_no_counter_between_two_tools() => Assert.NotEqual(
        (string?)Rule("run/a")["limits"]![0]!["counter"], (string?)Rule("run a")["limits"]![0]!["counter"]);

    [Theory]
    [InlineData("run_*")]
    [InlineData("run_?")]
    public void Recommends_nothing_for_what_would_be_a_pattern(string name) =>
        Assert.Null(RecommendedRule.Of(Tool(name), ToolClassifier.Of(Tool(name))));

    [Theory]
    [InlineData("""{ "$ref": "#/x", "properties": { "a": { "$ref": "#" } } }""")]
    [InlineData("""{ "properties": { "a\u001b": { "type": "x", "enum": "no", "maxLength": -1 } }, "required": [1] }""")]
    [InlineData("""{ "properties": 7 }""")]
    [InlineData("true")]
    public void Keeps_its_limit_whatever_the_schema_is(string schema) =>
        Assert.Equal(10, (int)Rule("run", schema)["limits"]![0]!["max"]!);

    [Fact]
    public void Makes_a_whole_policy_that_loads_without_a_word_and_denies_the_rest()
    {
        string[] names = ["list_x", "send_x", "run_x", "delete_x", "refund_x", "frob*"];
        var policy = RecommendedPolicy.Of(
            "crm", [.. names.Select(Tool).Select(static tool => (tool, ToolClassifier.Of(tool)))], []);

        var loaded = PolicyLoader.Load(Encoding.UTF8.GetBytes(policy.Document.ToJsonString()), "p.json");

        Assert.Empty(loaded.Problems);
        Assert.Equal(names.Length, policy.Notes.Count);
        Assert.Contains("omitted", policy.Notes[^1], StringComparison.Ordinal);
        Assert.Equal("deny", (string?)policy.Document["default"]);
        Assert.Contains("Its name says \"delete\".", (string?)policy.Document["tools"]!["delete_x"]!["reason"],
            StringComparison.Ordinal);
    }

    [Fact]
    public void Names_attacks_with_their_source_and_the_rule_that_stops_them()
    {
        var run = Patterns("run_shell", """{"properties":{"command":{"type":"string"},"path":{"type":"string"}}}""");
        var send = Patterns("send_message", """{"properties":{"to":{"type":"string"}}}""");

        Assert.Contains("command injection", run.Select(static pattern => pattern.Name));
        Assert.Contains("path traversal", run.Select(static pattern => pattern.Name));
        Assert.Contains("message and one-time-password flooding", send.Select(static pattern => pattern.Name));
        Assert.Contains("exfiltration through recipients or URLs", send.Select(static pattern => pattern.Name));
        Assert.Contains("returned tokens", Patterns("backchannel_complete", "{}").Select(static one => one.Name));
        Assert.Contains("destruction", Patterns("purge", "{}").Select(static one => one.Name));
        Assert.All(run.Concat(send), static pattern => Assert.NotEqual("", pattern.StoppedBy));
        var rugPull = run.Single(static pattern => pattern.Name == "rug pull");
        Assert.Contains("SAFE-MCP SAFE-T1201", rugPull.Sources);
        Assert.StartsWith("\"pin\": \"deny\"", rugPull.StoppedBy, StringComparison.Ordinal);
    }

    [Fact]
    public void Relates_tools_by_object_before_verb() => Assert.Equal(
        [("get_customer", "same object: customer"), ("list_customers", "same object: customer"),
            ("delete_order", "same verb: delete")],
        RelatedTools.Of(
            "delete_customer", ["list_customers", "get_customer", "delete_order", "delete_customer", "ping"], []));

    [Fact]
    public void Relates_tools_that_are_often_called_together_where_the_server_still_offers_them() => Assert.Equal(
        [("get_customer", "same object: customer; often called together: by the same grant in 6 of 10 hours"),
            ("ping", "often called together: by the same grant in 9 of 10 hours"),
            ("list_customers", "same object: customer")],
        RelatedTools.Of(
            "delete_customer", ["list_customers", "get_customer", "ping"],
            [("get_customer", 6, 10), ("ping", 9, 10), ("gone", 10, 10)]));

    private static IReadOnlyList<AttackPattern> Patterns(string name, string schema) =>
        AttackPatterns.Of(Tool(name, schema), ToolClassifier.Of(Tool(name, schema)));

    private static JsonObject Rule(string name, string schema = "{}") =>
        RecommendedRule.Of(Tool(name, schema), ToolClassifier.Of(Tool(name, schema)))!;

    private static DecisionOutcome Evaluate(string tool, JsonObject rule, string arguments)
    {
        var document = new JsonObject
        {
            ["version"] = "1",
            ["default"] = "deny",
            ["tools"] = new JsonObject { [tool] = rule.DeepClone() },
        };
        var loaded = PolicyLoader.Load(Encoding.UTF8.GetBytes(document.ToJsonString()), "p.json");
        Assert.Empty(loaded.Problems);
        return PolicyEngine.Decide(
            loaded.Policy!.Bind("bot", "crm"), PolicyCall.OfTool(tool, Encoding.UTF8.GetBytes(arguments))).Outcome;
    }

    private static ToolFacts Tool(string name) => Tool(name, "{}");

    private static ToolFacts Tool(string name, string schema) =>
        new(name, null, JsonDocument.Parse(schema).RootElement.Clone(), null, null);
}
