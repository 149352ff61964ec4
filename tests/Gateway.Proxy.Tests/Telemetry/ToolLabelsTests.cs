using Gateway.Proxy.Telemetry;

namespace Gateway.Proxy.Tests.Telemetry;

public sealed class ToolLabelsTests
{
    private readonly ToolLabels _labels = new();

    [Theory]
    [InlineData("listed", true, false, "listed")]
    [InlineData("named", false, true, "named")]
    [InlineData("invented", false, false, ToolLabels.Other)]
    [InlineData("", false, false, ToolLabels.Other)]
    [InlineData("two\nlines", true, true, ToolLabels.Other)]
    [InlineData("zero\u200Bwidth", true, true, ToolLabels.Other)]
    public void Label_is_given_to_listed_and_named_tools_that_can_be_read(
        string tool, bool isListed, bool isKnown, string label)
    {
        if (isListed)
            _labels.Listed(tool);

        Assert.Equal(label, _labels.Add(tool, isKnown).Label);
        Assert.Equal(label == ToolLabels.Other ? null : label, _labels.Find(tool)?.Label);
    }

    [Fact]
    public void Names_under_a_pattern_share_its_label_until_their_server_listed_them()
    {
        for (var i = 0; i < 2 * ToolLabels.ToolsMax; i++)
            Assert.Equal("send_*", _labels.Add($"send_{i}", isKnown: false, "send_*").Label);
        _labels.Listed("send_mail");

        Assert.Equal("send_mail", _labels.Add("send_mail", isKnown: false, "send_*").Label);
        Assert.Null(_labels.Find("send_0"));
        Assert.Equal(ToolLabels.Other, _labels.Add("invented", isKnown: false).Label);
    }

    [Fact]
    public void Label_is_not_given_to_a_name_that_is_too_long()
    {
        var longest = new string('a', ToolLabels.LabelCharsMax);
        Assert.Equal(longest, _labels.Add(longest, isKnown: true).Label);

        var tooLong = new string('a', ToolLabels.LabelCharsMax + 1);
        _labels.Listed(tooLong);
        Assert.Equal(ToolLabels.Other, _labels.Add(tooLong, isKnown: true).Label);
    }

    [Fact]
    public void Invented_names_leave_room_for_every_label()
    {
        for (var i = 0; i < 10 * ToolLabels.ToolsMax; i++)
            Assert.Equal(ToolLabels.Other, _labels.Add($"invented {i}", isKnown: false).Label);
        for (var i = 0; i < ToolLabels.ToolsMax; i++)
            Assert.Equal($"real {i}", _labels.Add($"real {i}", isKnown: true).Label);

        Assert.Equal(ToolLabels.Other, _labels.Add("one more", isKnown: true).Label);
    }

    [Fact]
    public void Names_that_a_server_lists_are_remembered_up_to_a_bound()
    {
        for (var i = 0; i <= ToolLabels.ListedMax; i++)
            _labels.Listed($"listed {i}");

        Assert.Equal("listed 0", _labels.Add("listed 0", isKnown: false).Label);
        Assert.Equal(ToolLabels.Other, _labels.Add($"listed {ToolLabels.ListedMax}", isKnown: false).Label);
    }
}
