using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Rules;

public class ListTests
{
    private const string Members = """
        "hide": ["h*"], "tools": { "a": {}, "d": { "action": "deny" }, "h*": {},
          "s": { "action": "deny", "mode": "shadow" }, "ask": { "action": "approve" } }
        """;

    [Theory]
    [InlineData("a", true)]
    [InlineData("ask", true)]
    [InlineData("d", false)]
    [InlineData("hidden", false)]
    [InlineData("unknown", false)]
    [InlineData("s", true)]
    public void A_list_shows_what_can_be_called(string tool, bool listed) =>
        Assert.Equal(listed, PolicyEngine.IsListed(Bind(Document(Members)), ListKind.Tools, tool));

    [Theory]
    [InlineData("d", true)]
    [InlineData("hidden", false)]
    [InlineData("unknown", true)]
    public void In_shadow_mode_only_what_is_hidden_is_taken_out(string tool, bool listed)
    {
        var binding = Bind(Document("\"mode\":\"shadow\"," + Members));
        Assert.Equal(listed, PolicyEngine.IsListed(binding, ListKind.Tools, tool));
        Assert.True(PolicyEngine.IsListed(binding, ListKind.Prompts, "p"));
    }
}
