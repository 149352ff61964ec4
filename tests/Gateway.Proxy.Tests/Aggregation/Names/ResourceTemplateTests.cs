using Gateway.Proxy.Aggregation.Names;

namespace Gateway.Proxy.Tests.Aggregation.Names;

public sealed class ResourceTemplateTests
{
    [Theory]
    [InlineData("crm://item/{id}", "crm://item/7", true)]
    [InlineData("crm://item/{id}", "crm://item/7/more", false)]
    [InlineData("crm://item/{id}", "crm://item/", false)]
    [InlineData("crm://item/{id}", "erp://item/7", false)]
    [InlineData("file:///{+path}", "file:///a/b/c.txt", true)]
    [InlineData("crm://find{?q,n}", "crm://find?q=1&n=2", true)]
    [InlineData("crm://find{?q,n}", "crm://find", true)]
    [InlineData("crm://a.b/{id}", "crm://axb/1", false)]
    [InlineData("crm://item/{id", "crm://item/7", false)]
    [InlineData("crm://{a}x{b}y", "crm://1x2y", true)]
    [InlineData("crm://{a}x{b}y", "crm://xxxxy", true)]
    [InlineData("crm://{a}x{b}y", "crm://xy", false)]
    [InlineData("{+all}", "", false)]
    [InlineData("{;all}", "", true)]
    [InlineData("{a}", "a#b", false)]
    public void A_URI_fits_a_template_that_it_may_have_come_of(string template, string uri, bool fits)
    {
        var work = long.MaxValue;
        Assert.Equal(fits, new ResourceTemplate(template).Fits(uri, ref work));
    }

    [Theory]
    [InlineData("{+a}x")]
    [InlineData("{a}x")]
    [InlineData("{;a}")]
    [InlineData("xxxxxxxx")]
    public void Fits_counts_work_in_proportion_to_the_URI(string part)
    {
        var template = new ResourceTemplate(string.Concat(Enumerable.Repeat(part, 1_000 / part.Length)));
        long Spent(int length)
        {
            var work = long.MaxValue;
            template.Fits(new string('x', length), ref work);
            return long.MaxValue - work;
        }

        var (small, large) = (Spent(2_000), Spent(4_000));
        Assert.InRange(large, small, (long)(2.2 * small));
    }

    [Fact]
    public void Templates_that_need_too_much_work_fit_nothing()
    {
        var work = 100L;
        Assert.False(new ResourceTemplate("{+a}x{+b}").Fits(new string('x', 200), ref work));
        Assert.True(work < 0);
    }

    // The expression that the matcher replaced: exact, and without a bound on its work.
    [Fact]
    public void Fits_agrees_with_the_expression_of_the_template()
    {
        var random = new Random(51);
        string[] pieces = ["{a}", "{+b}", "{/c}", "x", "/", "xy", "?"];
        var fitting = 0;
        for (var round = 0; round < 5_000; round++)
        {
            var template = string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => pieces[random.Next(7)]));
            var uri = string.Concat(Enumerable.Range(0, random.Next(0, 8)).Select(_ => "xy/?"[random.Next(4)]));
            var expression = "\\A" + Regex.Escape(template).Replace("\\{a}", "[^/?#]+", StringComparison.Ordinal)
                .Replace("\\{\\+b}", ".+", StringComparison.Ordinal)
                .Replace("\\{/c}", ".*", StringComparison.Ordinal) + "\\z";
            var work = long.MaxValue;
            var fits = new ResourceTemplate(template).Fits(uri, ref work);
            Assert.True(Regex.IsMatch(uri, expression) == fits, $"{template} and \"{uri}\"");
            fitting += fits ? 1 : 0;
        }

        Assert.InRange(fitting, 200, 4_800);
    }
}
