namespace Gateway.Control.Tests.Snapshots;

public sealed class MatchExampleTests
{
    [Theory]
    [InlineData("""{"path":"groups","op":"has","value":"a"}""", """{"path":"groups","op":"has","value":"b"}""",
        """{"groups":["a","b"]}""")]
    [InlineData("""{"path":"groups","op":"has","value":"a"}""", """{"path":"dept","op":"eq","value":7}""",
        """{"groups":["a"],"dept":7}""")]
    [InlineData("""{"path":"dept","op":"in","value":["x","y"]}""", """{"path":"dept","op":"neq","value":"x"}""",
        """{"dept":"y"}""")]
    [InlineData("""{"path":"/realm/roles","op":"has","value":"a"}""",
        """{"path":"/realm/tier","op":"exists","value":true}""",
        """{"realm":{"roles":["a"],"tier":"example"}}""")]
    [InlineData("""{"path":"/groups","op":"has","value":"a"}""", """{"path":"groups","op":"eq","value":"a"}""",
        """{"groups":"a"}""")]
    [InlineData("""{"path":"bot","op":"exists","value":false}""", """{"path":"note","op":"starts_with","value":"x-"}""",
        """{"note":"x-"}""")]
    [InlineData("""{"path":"level","op":"neq","value":3}""", """{"path":"level","op":"not_in","value":[4,"x"]}""",
        """{"level":987654321}""")]
    [InlineData("""{"path":"groups","op":"neq","value":["a"]}""", """{"path":"bot","op":"neq","value":true}""",
        """{"groups":["example"],"bot":false}""")]
    public void Claims_fulfill_the_conditions_of_both(string first, string second, string claims) =>
        Assert.Equal(claims, MatchExample.Of(Match("corp", first), Match("corp", second))?.ToJsonString());

    [Theory]
    [InlineData("""{"path":"dept","op":"eq","value":"a"}""", """{"path":"dept","op":"eq","value":"b"}""")]
    [InlineData("""{"path":"dept","op":"exists","value":false}""", """{"path":"dept","op":"has","value":"a"}""")]
    [InlineData("""{"path":"dept","op":"in","value":["a"]}""", """{"path":"dept","op":"not_in","value":["a"]}""")]
    [InlineData("""{"path":"dept","op":"eq","value":"a"}""", """{"path":"/dept/name","op":"eq","value":"b"}""")]
    public void No_claims_are_found_where_none_can_be(string first, string second) =>
        Assert.Null(MatchExample.Of(Match("corp", first), Match("corp", second)));

    [Fact]
    public void Tokens_of_two_issuers_never_overlap() =>
        Assert.Null(MatchExample.Of(new GrantMatch("corp", 1, []), new GrantMatch("partner", 2, [])));

    private static GrantMatch Match(string issuer, string claim)
    {
        var json = JsonElement.Parse(claim);
        return new GrantMatch(issuer, 1,
        [
            new ClaimCondition(
                json.GetProperty("path").GetString()!, json.GetProperty("op").GetString()!, json.GetProperty("value")),
        ]);
    }
}
