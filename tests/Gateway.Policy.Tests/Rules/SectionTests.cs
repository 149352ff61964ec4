using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Rules;

public class SectionTests
{
    private readonly PolicyBinding _binding = Bind(Document("""
        "resources": { "allow": ["file:///public/*", "http://x/?q=*"], "deny": ["file:///public/secret*", "*.key"] },
        "prompts": { "default": "allow", "deny": ["admin_?", "root"] }
        """));

    [Theory]
    [InlineData("file:///public/a", DecisionOutcome.Allow, "/resources/allow/0")]
    [InlineData("file:///public/secrets/a", DecisionOutcome.Deny, "/resources/deny/0")]
    [InlineData("file:///public/a.key", DecisionOutcome.Deny, "/resources/deny/1")]
    [InlineData("file:///private/a", DecisionOutcome.Deny, "(default deny)")]
    [InlineData("http://x/?q=1", DecisionOutcome.Allow, "/resources/allow/1")]
    [InlineData("http://x/yq=1", DecisionOutcome.Deny, "(default deny)")]
    [InlineData("file:///public/../private/a", DecisionOutcome.Deny, "(ambiguous URI)")]
    [InlineData("file:///public/%2e%2E/private/a", DecisionOutcome.Deny, "(ambiguous URI)")]
    [InlineData("file:///public/..\\private", DecisionOutcome.Deny, "(ambiguous URI)")]
    [InlineData("file:///public/x/../secret", DecisionOutcome.Deny, "(ambiguous URI)")]
    [InlineData("file:///public/a%3F/../../private", DecisionOutcome.Deny, "(ambiguous URI)")]
    [InlineData("file:///public/a%23/../secret", DecisionOutcome.Deny, "(ambiguous URI)")]
    [InlineData("file:///public/..%2fprivate", DecisionOutcome.Deny, "(ambiguous URI)")]
    [InlineData("file:///public/%73ecret", DecisionOutcome.Deny, "/resources/deny/0")]
    [InlineData("file:///public/a%2Ekey", DecisionOutcome.Deny, "/resources/deny/1")]
    [InlineData("file:///public/a%20b", DecisionOutcome.Allow, "/resources/allow/0")]
    [InlineData("FILE:///public/a", DecisionOutcome.Deny, "(default deny)")]
    public void A_resource_is_evaluated_by_its_URI_in_every_spelling(string uri, DecisionOutcome outcome, string rule)
    {
        var decision = About(_binding, PolicySubject.Resource, uri);
        Assert.Equal((outcome, rule), (decision.Outcome, decision.Rule));
        Assert.Equal(outcome == DecisionOutcome.Allow, PolicyEngine.IsListed(_binding, ListKind.Resources, uri));
    }

    [Theory]
    [InlineData("admin_x", "/prompts/deny/0")]
    [InlineData("root", "/prompts/deny/1")]
    [InlineData("admin_xy", "/prompts/default")]
    public void A_prompt_is_evaluated_by_its_name(string name, string rule)
    {
        Assert.Equal(rule, About(_binding, PolicySubject.Prompt, name).Rule);
        Assert.Equal(rule == "/prompts/default", PolicyEngine.IsListed(_binding, ListKind.Prompts, name));
    }

    [Theory]
    [InlineData("file:///public/{path}", true)]
    [InlineData("file:///{path}", true)]
    [InlineData("file:///private/{path}", false)]
    [InlineData("file:///public/secret/{path}", false)]
    [InlineData("file:///public/{name}.key", false)]
    [InlineData("{+any}", true)]
    [InlineData("file:///public/a", true)]
    [InlineData("file:///public/{unclosed", true)]
    public void A_template_is_listed_where_something_it_becomes_may_be_read(string template, bool listed)
    {
        Assert.Equal(listed, PolicyEngine.IsListed(_binding, ListKind.ResourceTemplates, template));
        var completion = About(_binding, PolicySubject.Template, template);
        Assert.Equal(listed ? DecisionOutcome.Allow : DecisionOutcome.Deny, completion.Outcome);
    }

    [Fact]
    public void A_section_default_is_named_by_its_pointer()
    {
        var binding = Bind("""{"version":"1","default":"allow","resources":{"default":"deny"}}""");
        var decision = About(binding, PolicySubject.Resource, "file:///x");
        Assert.Equal((DecisionOutcome.Deny, "/resources/default"), (decision.Outcome, decision.Rule));
    }
}
