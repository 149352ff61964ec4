using Gateway.Policy.Expressions;

namespace Gateway.Policy.Tests.Expressions;

public class SafeRegexTests
{
    [Theory]
    [InlineData("a$", "a", true)]
    [InlineData("a$", "a\n", false)]
    [InlineData("^a", "b\na", false)]
    [InlineData("(^a|b$)", "xb", true)]
    [InlineData(@"^\d$", "5", true)]
    [InlineData(@"^\d$", "٥", false)]
    [InlineData(@"^\D$", "٥", true)]
    [InlineData(@"^\w+$", "aZ_9", true)]
    [InlineData(@"^\w$", "é", false)]
    [InlineData(@"^\W$", "é", true)]
    [InlineData(@"^\W$", "_", false)]
    [InlineData(@"^\s$", "\u00A0", false)]
    [InlineData(@"^\s$", "\v", true)]
    [InlineData(@"^\S$", "\u00A0", true)]
    [InlineData(@"^[\d-]+$", "1-2", true)]
    [InlineData(@"^[\w.-]+@[\w-]+$", "a.b@c-d", true)]
    [InlineData(@"^[^\d]$", "٥", true)]
    [InlineData(@"^[^\d]$", "5", false)]
    [InlineData(@"^[\D]$", "x", true)]
    [InlineData(@"^[^\D]$", "5", true)]
    [InlineData(@"^[^\D]$", "x", false)]
    [InlineData("^.$", "😀", true)]
    [InlineData("^..$", "😀", false)]
    [InlineData("^.$", "\n", false)]
    [InlineData("^.$", "\u2028", false)]
    [InlineData("^[^a]$", "😀", true)]
    [InlineData("^[^a][^a]$", "😀", false)]
    [InlineData(@"^\S$", "😀", true)]
    [InlineData(@"^[\S]$", "😀", true)]
    [InlineData(@"^[^\s]$", "😀", true)]
    [InlineData(@"^[^\S]$", "😀", false)]
    [InlineData("^😀*$", "😀😀", true)]
    [InlineData(@"^\uD83D\uDE00{2}$", "😀😀", true)]
    [InlineData(@"^\u0061$", "a", true)]
    [InlineData(@"^[\u0061-c]$", "b", true)]
    [InlineData("^[a-z-[b]+$", "b[", true)]
    [InlineData(@"^[\]\\]+$", @"]\", true)]
    [InlineData("(?i)^abc$", "ABC", true)]
    [InlineData("(?i:a)b", "Ab", true)]
    [InlineData("(?:a|b)+?", "b", true)]
    [InlineData("(?<n>a)", "a", true)]
    [InlineData("a b#c", "a b#c", true)]
    [InlineData(@"\p{Lu}", "É", true)]
    [InlineData(@"^\/\.\*\$$", "/.*$", true)]
    [InlineData("a{2,3}", "aa", true)]
    [InlineData("^$", "", true)]
    [InlineData(@"\bcat\b", "a cat sat", true)]
    public void Matches_as_written(string pattern, string text, bool matches)
    {
        var regex = SafeRegex.Compile(pattern, out var problem);
        Assert.True(regex is not null, problem);
        Assert.Equal(matches, regex.IsMatch(text, new WorkBudget()));
    }

    [Theory]
    [InlineData("(?=a)")]
    [InlineData("(?!a)")]
    [InlineData("(?<=a)")]
    [InlineData("(?<!a)")]
    [InlineData("(?>a)")]
    [InlineData(@"(a)\1")]
    [InlineData(@"(?<n>a)\k<n>")]
    [InlineData("(a{1000}){1000}")]
    [InlineData("(")]
    [InlineData("[")]
    [InlineData("[]")]
    [InlineData("[^]")]
    [InlineData("a**")]
    [InlineData("[b-a]")]
    [InlineData(@"\")]
    [InlineData(@"\A")]
    [InlineData(@"a\Z")]
    [InlineData(@"a\z")]
    [InlineData("(?x)a")]
    [InlineData("(?m)a")]
    [InlineData("(?s).")]
    [InlineData("(?#x)")]
    [InlineData("(?'n'a)")]
    [InlineData("[😀]")]
    [InlineData(@"[\uD83D\uDE00]")]
    [InlineData(@"\uD83D")]
    [InlineData(@"\u12")]
    public void What_cannot_be_run_so_is_refused(string pattern)
    {
        Assert.Null(SafeRegex.Compile(pattern, out var problem));
        Assert.NotEmpty(problem);
    }

    [Fact]
    public void Length_is_bounded() =>
        Assert.Null(SafeRegex.Compile(new string('a', SafeRegex.PatternLengthMax + 1), out _));

    [Theory]
    [InlineData("^(a+)+$")]
    [InlineData("^(a|aa)+$")]
    [InlineData("^(.*a){20}$")]
    public void An_expression_made_to_blow_up_is_answered(string pattern) =>
        Assert.False(SafeRegex.Compile(pattern, out _)!.IsMatch(new string('a', 20_000) + "b", new WorkBudget()));
}
