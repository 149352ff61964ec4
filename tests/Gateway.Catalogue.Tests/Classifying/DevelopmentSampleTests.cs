using Gateway.Catalogue.Classifying;

namespace Gateway.Catalogue.Tests.Classifying;

/// <summary>
/// The figures of docs/reference/classification.md over the part "dev", from features instead of definitions. A change
/// that makes one worse fails; load-tests/catalogue/measure writes the sample with the new figures.
/// </summary>
public sealed class DevelopmentSampleTests
{
    private static readonly List<(ToolCategory Label, RiskLevel Risk, Classification Found)> Results =
        [.. DevelopmentSample.Tools.Select(static one => (one.Label, one.Risk, one.Found))];

    [Fact]
    public void Is_right_and_sure_as_often_as_the_page_says()
    {
        var (right, sure, count) = Numbers("# right ");

        Assert.Equal(count, Results.Count);
        Assert.True(Results.Count(IsRight) >= right, $"{Results.Count(IsRight)} right, {right} before");
        var covered = Results.Count(static one => one.Found.IsSure);
        Assert.True(covered >= sure, $"{covered} sure, {sure} before");
    }

    [Theory]
    [InlineData(ToolCategory.Read)]
    [InlineData(ToolCategory.Write)]
    [InlineData(ToolCategory.Execute)]
    [InlineData(ToolCategory.Destructive)]
    [InlineData(ToolCategory.Financial)]
    [InlineData(ToolCategory.Secret)]
    public void Finds_each_category_as_often_and_as_precisely_as_the_page_says(ToolCategory category)
    {
        var (right, there, called) = Numbers($"# {category} ");
        var found = Results.FindAll(one => one.Label == category);
        var (rightNow, calledNow) = (found.Count(IsRight),
            Results.Count(one => one.Found.IsSure && one.Found.Category == category));

        Assert.Equal(there, found.Count);
        Assert.True(rightNow >= right, $"{rightNow} of {there}, {right} before");
        Assert.True((double)rightNow / calledNow >= (double)right / called, $"{rightNow} right of {calledNow} called");
    }

    [Fact]
    public void Calls_no_more_grave_tools_Read_or_Low_than_the_page_says()
    {
        var (read, low, _) = Numbers("# mild ");

        Assert.True(read >= Results.Count(static one =>
            one.Label.IsGrave() && one.Found is { IsSure: true, Category: ToolCategory.Read }));
        Assert.True(low >= Results.Count(static one => one.Found.Risk == RiskLevel.Low
            && (one.Risk == RiskLevel.Critical || one.Label == ToolCategory.Secret)));
    }

    private static bool IsRight((ToolCategory Label, RiskLevel Risk, Classification Found) one) =>
        one.Found.IsSure && one.Found.Category == one.Label;

    /// <summary>The three numbers of a line at the top.</summary>
    private static (int One, int Two, int Three) Numbers(string start)
    {
        var line = DevelopmentSample.Lines.Single(line => line.StartsWith(start, StringComparison.Ordinal));
        var numbers = line.Split(' ')
            .Where(static word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Select(static word => int.Parse(word, CultureInfo.InvariantCulture)).ToList();
        return (numbers[0], numbers[1], numbers[2]);
    }
}
