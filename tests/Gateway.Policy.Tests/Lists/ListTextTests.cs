using Gateway.Policy.Lists;

namespace Gateway.Policy.Tests.Lists;

public class ListTextTests
{
    [Theory]
    [InlineData("a\nb\n", "a|b")]
    [InlineData("  a \r\n\r\nb c\t\na", "a|b c")]
    [InlineData("\uFEFFa\nb", "a|b")]
    [InlineData("", "")]
    [InlineData(" \n [\"a\", \"b\", \"a\", \" c \"]", "a|b| c ")]
    [InlineData("[]", "")]
    [InlineData("{\"a\":1}", "{\"a\":1}")]
    public void Reads_each_value_once_from_lines_or_from_an_array(string text, string values)
    {
        var read = ListText.Read(Encoding.UTF8.GetBytes(text), out var why);

        Assert.Equal((values, ""), (string.Join('|', read!), why));
    }

    [Theory]
    [InlineData("[1]", "in quotes")]
    [InlineData("[\"a\", null]", "in quotes")]
    [InlineData("[\"a\"", "")]
    public void Says_why_an_array_is_no_list(string text, string words)
    {
        Assert.Null(ListText.Read(Encoding.UTF8.GetBytes(text), out var why));
        Assert.NotEmpty(why);
        Assert.Contains(words, why, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_that_a_list_is_too_long_or_no_text()
    {
        Assert.Null(ListText.Read(new byte[PolicyBounds.DocumentBytesMax + 1], out var tooLong));
        Assert.Contains($"at most {PolicyBounds.DocumentBytesMax}", tooLong, StringComparison.Ordinal);
        Assert.Null(ListText.Read([(byte)'a', 0xFF], out var wrong));
        Assert.Equal("it is not UTF-8: save it as UTF-8", wrong);
    }
}
