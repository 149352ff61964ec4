using Gateway.Mcp.Writing;

namespace Gateway.Mcp.Tests.Writing;

public class VisibleTextTests
{
    // Marks that Unicode counts among the format characters although everybody sees them.
    private static readonly int[] SeenMarks =
        [.. Enumerable.Range(0x600, 6), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD];

    [Theory]
    [InlineData("a\nb", @"a\u000Ab")]
    [InlineData("\u001b[2J", @"\u001B[2J")]
    [InlineData("\u009b2J\u0085", @"\u009B2J\u0085")]
    [InlineData("\u202Etxt.exe", @"\u202Etxt.exe")]
    [InlineData("a\u200Bb\u2060\uFEFF", @"a\u200Bb\u2060\uFEFF")]
    [InlineData("line\u2028para\u2029", @"line\u2028para\u2029")]
    [InlineData("tag\U000E0041", @"tag\uDB40\uDC41")]
    [InlineData("send_ümläut 世界 😀", "send_ümläut 世界 😀")]
    public void Escapes_what_is_not_seen_for_what_it_is(string text, string shown)
    {
        Assert.Equal(shown, VisibleText.Of(text));
        Assert.Equal(shown == text, VisibleText.IsClear(text));
    }

    [Fact]
    public void Escapes_half_a_character() => Assert.Equal(@"half\uD800", VisibleText.Of("half" + (char)0xD800));

    [Fact]
    public void Knows_every_control_and_format_character_of_unicode()
    {
        foreach (var value in Enumerable.Range(0, 0x110000).Where(Rune.IsValid).Except(SeenMarks))
        {
            var category = CharUnicodeInfo.GetUnicodeCategory(value);
            if (category is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                Assert.False(VisibleText.IsClear(new Rune(value).ToString()), $"U+{value:X4} {category}");
            }
        }
    }

    [Fact]
    public void Leaves_letters_digits_and_signs_of_every_script()
    {
        // Blank letters of Hangul and Khmer look like nothing.
        int[] blank = [0x115F, 0x1160, 0x3164, 0xFFA0];
        foreach (var value in Enumerable.Range(0, 0x110000).Where(Rune.IsValid).Except(blank))
        {
            var rune = new Rune(value);
            if (Rune.IsLetterOrDigit(rune) || Rune.IsSymbol(rune) || Rune.IsPunctuation(rune))
                Assert.True(VisibleText.IsClear(rune.ToString()), $"U+{value:X4}");
        }
    }

    [Theory]
    [InlineData("refund\\nid2  open")]
    [InlineData("refund\\u001b[1A")]
    [InlineData("refund\\u009b")]
    [InlineData("\\u202Edrawer")]
    [InlineData("ref\\u200bund")]
    [InlineData("refund\\u2028")]
    [InlineData("refund\\udb40\\udc41")]
    public void Refuses_a_call_of_a_tool_whose_name_is_not_seen_for_what_it_is(string name)
    {
        var fault = McpReader.Read(
            Encoding.UTF8.GetBytes(
                $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{name}}}"} }"""),
            new McpReadBounds()).Fault!;

        Assert.Equal((400, -32602), (fault.HttpStatus, fault.Code));
        Assert.Contains(@"\u", fault.Message, StringComparison.Ordinal);
        Assert.True(VisibleText.IsClear(fault.Message));
    }
}
