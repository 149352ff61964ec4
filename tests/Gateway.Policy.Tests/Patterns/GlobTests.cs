namespace Gateway.Policy.Tests.Patterns;

public class GlobTests
{
    [Theory]
    [InlineData("*", "", true)]
    [InlineData("*", "anything", true)]
    [InlineData("send_*", "send_", true)]
    [InlineData("send_*", "send_mail", true)]
    [InlineData("send_*", "Send_mail", false)]
    [InlineData("send_*", "resend_mail", false)]
    [InlineData("*_mail", "send_mail", true)]
    [InlineData("*_mail", "send_mails", false)]
    [InlineData("a*b*c", "aXbYc", true)]
    [InlineData("a*b*c", "abcb", false)]
    [InlineData("a**c", "ac", true)]
    [InlineData("?", "", false)]
    [InlineData("?", "😀", true)]
    [InlineData("??", "😀", false)]
    [InlineData("*?", "", false)]
    [InlineData("*?", "é", true)]
    [InlineData("*😀", "a😀", true)]
    [InlineData("a.b", "axb", false)]
    [InlineData("[ab]", "a", false)]
    [InlineData("[ab]", "[ab]", true)]
    public void Matches_whole_names_byte_for_byte(string pattern, string name, bool matches) =>
        Assert.Equal(matches, new Glob(pattern, GlobStyle.Name).Matches(name));

    [Fact]
    public void Half_of_a_surrogate_pair_is_one_character() =>
        Assert.True(new Glob("?x", GlobStyle.Name).Matches("\uD800x"));

    [Fact]
    public void In_a_URI_a_question_mark_is_itself()
    {
        var glob = new Glob("http://x/?a=*", GlobStyle.Uri);
        Assert.True(glob.Matches("http://x/?a=1"));
        Assert.False(glob.Matches("http://x/ya=1"));
    }

    [Theory]
    [InlineData("abc", 3, true, "abc", "abc")]
    [InlineData("a*b?c", 3, false, "a", "c")]
    [InlineData("*", 0, false, "", "")]
    [InlineData("😀*", 1, false, "😀", "")]
    [InlineData("**ab", 2, false, "", "ab")]
    public void Knows_its_literal_text(string pattern, int literal, bool exact, string prefix, string suffix)
    {
        var glob = new Glob(pattern, GlobStyle.Name);
        Assert.Equal(
            (literal, exact, prefix, suffix), (glob.LiteralLength, glob.IsExact, glob.Prefix, glob.Suffix));
    }

    [Fact]
    public void A_pattern_made_to_blow_up_takes_linear_steps()
    {
        // Exponential for a matcher that tries every way of splitting: this would not end.
        var glob = new Glob(string.Concat(Enumerable.Repeat("a*", 250)) + "b", GlobStyle.Name);
        Assert.False(glob.Matches(new string('a', 8192)));
    }

    [Theory]
    [InlineData("file:///*", "file:///a*", true)]
    [InlineData("file:///a*", "file:///*", false)]
    [InlineData("*", "*", true)]
    [InlineData("a*", "*", false)]
    [InlineData("*a*", "xa*y", true)]
    [InlineData("ab", "ab", true)]
    public void One_pattern_covers_another(string wide, string narrow, bool covers) =>
        Assert.Equal(covers, GlobAlgebra.Covers(new Glob(wide, GlobStyle.Uri), new Glob(narrow, GlobStyle.Uri)));
}
