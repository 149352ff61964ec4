using Gateway.Catalogue.Listing;

namespace Gateway.Catalogue.Tests.Listing;

/// <summary>
/// The guess that <c>tools list</c> shows. What a server says of its own tools is no proof: it may raise the guess that
/// the name gives, and never lowers it; what it leaves unsaid is no evidence either way.
/// </summary>
public sealed class ToolRiskTests
{
    private static readonly string[] Levels = [ToolRisk.Low, ToolRisk.Medium, ToolRisk.High];

    [Theory]
    [InlineData("delete_account", "high")]
    [InlineData("deleteAccount", "high")]
    [InlineData("send_message", "medium")]
    [InlineData("sendMessage", "medium")]
    [InlineData("frobnicate", "medium")]
    [InlineData("list_customers", "low")]
    [InlineData("getCustomer", "low")]
    [InlineData("payload_size", "medium")]
    [InlineData("listing", "medium")]
    public void Goes_by_the_words_of_a_name(string name, string level) =>
        Assert.Equal(level, Of(name, null, null).Level);

    [Theory]
    [InlineData("delete_account")]
    [InlineData("send_message")]
    [InlineData("frobnicate")]
    [InlineData("list_customers")]
    public void Is_never_lower_for_what_the_server_says(string name)
    {
        var byName = Of(name, null, null);

        foreach (var isReadOnly in (bool?[])[null, true, false])
        {
            foreach (var isDestructive in (bool?[])[null, true, false])
                Assert.True(Rank(Of(name, isReadOnly, isDestructive)) >= Rank(byName));
        }
    }

    [Theory]
    [InlineData("delete_account")]
    [InlineData("send_message")]
    [InlineData("frobnicate")]
    public void Takes_no_read_only_hint_on_trust(string name) =>
        Assert.Equal(Of(name, null, null), Of(name, true, null));

    [Theory]
    [InlineData(null)]
    [InlineData(true)]
    [InlineData(false)]
    public void Is_high_where_the_server_marks_a_tool_as_destructive(bool? isReadOnly)
    {
        var risk = Of("list_customers", isReadOnly, true);

        Assert.Equal(ToolRisk.High, risk.Level);
        Assert.Equal("the server marks it as destructive", risk.Reason);
    }

    [Fact]
    public void Is_raised_where_the_server_says_that_a_tool_writes()
    {
        var risk = Of("list_customers", false, null);

        Assert.Equal(ToolRisk.Medium, risk.Level);
        Assert.Equal("the server says that it does more than read", risk.Reason);
    }

    [Fact]
    public void Takes_a_missing_hint_for_no_evidence() =>
        Assert.Equal("its name does not tell what it does", Of("frobnicate", null, null).Reason);

    private static int Rank(ToolRisk risk) => Array.IndexOf(Levels, risk.Level);

    private static ToolRisk Of(string name, bool? isReadOnly, bool? isDestructive) =>
        ToolRisk.Of(new ToolFacts(name, null, default, isReadOnly, isDestructive));
}
