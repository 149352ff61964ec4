using Gateway.Policy.Explaining;
using static Gateway.Policy.Tests.Policies;
using static Gateway.Policy.Tests.Results.ResultBench;

namespace Gateway.Policy.Tests.Results;

public class ResultConditionTests
{
    [Theory]
    [InlineData("""{"structuredContent":{"class":"secret"}}""", "/tools/t/results/deny_if/0")]
    [InlineData("""{"structuredContent":{"class":"public"}}""", Unchanged)]
    [InlineData("""{"structuredContent":{"class":7}}""", "/tools/t/results/deny_if/0")]
    [InlineData("""{"structuredContent":{}}""", Unchanged)]
    [InlineData("""{"structuredContent":{"Class":"secret"}}""", "(ambiguous result)")]
    [InlineData("null", Unchanged)]
    public void A_condition_denies_the_answer(string result, string expected) => Assert.Equal(expected, Of(
        """{"deny_if":[{"path":"result.structuredContent.class","op":"starts_with","value":"s"}]}""", result));

    [Fact]
    public void A_condition_is_evaluated_before_redaction() => Assert.Equal("/tools/t/results/deny_if/0", Of(
        """{"redact":[{"path":"result.a"}],"deny_if":[{"path":"result.a","op":"eq","value":"x"}]}""",
        """{"a":"x"}"""));

    [Fact]
    public void The_reason_is_the_authors()
    {
        var decision = Evaluate(
            """{"deny_if":[{"path":"result.a","op":"exists","reason":"Not for agents"}]}""", Answer("""{"a":1}"""), out _);
        Assert.Equal("Not for agents", decision.Denial!.Reason);
    }

    [Fact]
    public void In_shadow_a_condition_is_only_recorded()
    {
        var decision = EvaluateEntry(
            """{"mode":"shadow","results":{"deny_if":[{"path":"result.a","op":"exists"}]}}""", Answer("""{"a":1}"""),
            out _);
        Assert.Null(decision.Denial);
        Assert.Equal("/tools/t/results/deny_if/0", decision.ShadowDenial!.Rule);
    }

    [Fact]
    public void Variants_are_let_through_where_the_entry_says_so() => Assert.Null(EvaluateEntry(
        """{"case_variants":"allow","results":{"redact":[{"path":"result.a"}]}}""", Answer("""{"A":1}"""), out _).Denial);

    [Fact]
    public void Rules_of_all_tools_come_first_and_hold_for_the_default_too()
    {
        var binding = Bind("""
            {"version":"1","default":"allow","all_tools":{"results":{"redact":[{"known":"email"}]}},
             "tools":{"t":{"results":{"redact":[{"matches":"x"}]}}}}
            """);
        Assert.Equal(
            ["/all_tools/results/redact/0", "/tools/t/results/redact/0"],
            Call(binding, "t").Results!.Rules.Select(rule => rule.Pointer));
        Assert.Equal(
            ["/all_tools/results/redact/0"], Call(binding, "other").Results!.Rules.Select(rule => rule.Pointer));
    }

    [Fact]
    public void Sections_have_rules_of_their_own()
    {
        var binding = Bind(Document("""
              "resources":{"allow":["file:///*"],"results":{"redact":[{"known":"secret"}]}},
              "prompts":{"default":"allow","results":{"deny_if":[{"path":"result.messages[9]","op":"exists"}]}}
            """));
        Assert.Equal("/resources/results/redact/0",
            Assert.Single(About(binding, PolicySubject.Resource, "file:///a").Results!.Rules).Pointer);
        Assert.Equal("/prompts/results/deny_if/0",
            Assert.Single(About(binding, PolicySubject.Prompt, "p").Results!.Rules).Pointer);
        Assert.Null(About(binding, PolicySubject.List).Results);
        Assert.Equal("/resources/results/redact/0", Assert.Single(binding.OtherMessages!.Rules).Pointer);
    }

    [Fact]
    public void The_response_of_a_shadow_denied_call_is_evaluated() => Assert.NotNull(About(
        Bind(Document("""  "mode":"shadow","resources":{"deny":["*"],"results":{"redact":[{"known":"email"}]}}  """)),
        PolicySubject.Resource, "file:///a").Results);

    [Theory]
    [InlineData("""  "tools":{"t":{"results":{"redact":[{"known":"email"}]}}}  """, "(tasks with results)")]
    [InlineData("""  "prompts":{"results":{"deny_if":[{"path":"result","op":"exists"}]}}  """, "(tasks with results)")]
    [InlineData("""  "tools":{"t":{}}  """, "(default allow)")]
    public void Tasks_are_refused_where_results_stand(string members, string rule)
    {
        var binding = Bind($$"""{"version":"1","default":"allow",{{members}}}""");
        Assert.Equal(rule, About(binding, PolicySubject.Task, "1").Rule);
        Assert.Equal("(method not found)", About(binding, PolicySubject.NotServed).Rule);
    }

    [Fact]
    public void A_policy_without_results_evaluates_no_response()
    {
        var binding = Bind(Document("""  "tools":{"t":{}},"resources":{"default":"allow"}  """));
        Assert.Null(binding.OtherMessages);
        Assert.Null(Call(binding, "t").Results);
        Assert.Null(About(binding, PolicySubject.Resource, "a:b").Results);
    }

    [Fact]
    public void An_explanation_says_what_happens_to_the_answer()
    {
        var binding = Bind(Document("""
              "tools":{"t":{"results":{"redact":[{"known":"card_number"},{"path":"result.a"}],
                "deny_if":[{"path":"result.b","op":"exists"}]}}}
            """));
        Assert.Equal(
            [
                ("/tools/t/results/deny_if/0", "a response where result.b is given is denied"),
                ("/tools/t/results/redact/0", "a card number anywhere in the response is redacted"),
                ("/tools/t/results/redact/1", "result.a of the response is redacted"),
            ],
            PolicyExplainer.Explain(binding, new PolicyCall(PolicySubject.Tool, "t")).Steps
                .Where(step => step.Name == "results").Select(step => (step.Rule, step.Said)));
    }
}
