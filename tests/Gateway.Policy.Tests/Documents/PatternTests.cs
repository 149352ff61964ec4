using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Documents;

public class PatternTests
{
    [Theory]
    [InlineData("a*", "*a")]
    [InlineData("send_*", "*_mail")]
    [InlineData("a?", "?a")]
    [InlineData("ab*", "a*b")]
    [InlineData("a*c*", "*c*a")]
    public void Two_patterns_of_equal_specificity_that_meet_are_an_error(string first, string second)
    {
        var loaded = Load(Document($$$"""  "tools":{"{{{first}}}":{},"{{{second}}}":{}}  """));
        var problem = Assert.Single(loaded.Problems);
        Assert.Equal("/tools/" + second, problem.Pointer);
        Assert.Contains($"\"{second}\" and \"{first}\" (/tools/{first}) can match the same name", problem.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a*", "b*")]
    [InlineData("a?", "a??")]
    [InlineData("*a", "*b")]
    [InlineData("a?b", "c?b")]
    [InlineData("a*", "a*b")]
    [InlineData("*", "a*")]
    public void Patterns_that_cannot_meet_or_differ_in_specificity_load(string first, string second) =>
        Assert.Empty(Load(Document($$$"""  "tools":{"{{{first}}}":{},"{{{second}}}":{}}  """)).Problems);

    [Theory]
    [InlineData("delete", "\"delete\"")]
    [InlineData("delete", "\"x\",\"del*\"")]
    [InlineData("delete", "\"*\"")]
    public void An_exact_entry_that_is_also_hidden_is_an_error(string tool, string hide)
    {
        var json = Document($$$"""  "hide":[{{{hide}}}],"tools":{"{{{tool}}}":{}}  """);
        var problem = Assert.Single(Load(json).Problems);
        Assert.Equal("/tools/delete", problem.Pointer);
        Assert.Contains("this tool is hidden by /hide/", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_entry_may_overlap_with_what_is_hidden() =>
        Assert.Empty(Load(Document("""  "hide":["del_x","d*"],"tools":{"del*":{},"*":{}}  """)).Problems);

    [Fact]
    public void A_name_is_bounded()
    {
        var json = Document($$$"""  "tools":{"{{{new string('x', 513)}}}":{}}  """);
        Assert.Contains("at most 512 characters", Assert.Single(Load(json).Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_thousand_patterns_load_in_bounded_work()
    {
        var members = string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"\"tool_{i:D5}_*\":{{}}"));
        Assert.Empty(Load(Document($$$"""  "tools":{{{{members}}}}  """)).Problems);
    }

    [Fact]
    public void Patterns_that_are_too_many_to_compare_are_refused()
    {
        static string Pattern(int i) => "?" + string.Concat(
            Enumerable.Range(0, 14).Select(bit => ((i >> bit) & 1) == 0 ? "a" : "b")) + new string('?', 200);
        var members = string.Join(',', Enumerable.Range(0, 3000).Select(i => $"\"{Pattern(i)}\":{{}}"));
        Assert.Contains(Load(Document($$$"""  "tools":{{{{members}}}}  """)).Problems,
            p => p.Message.StartsWith("there are too many patterns", StringComparison.Ordinal));
    }
}
