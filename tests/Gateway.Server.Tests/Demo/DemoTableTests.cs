namespace Gateway.Server.Tests.Demo;

public sealed class DemoTableTests
{
    [Fact]
    public void A_call_is_one_line_no_wider_than_the_terminal()
    {
        var output = new StringWriter();

        var text = "Policy violation:\n" + new string('x', 200) + " Try again in 9 s.";
        new DemoTable(output, width: 100, colours: false).WriteCall(
            new DemoCall(11, "backchannel_resend_otp", DemoOutcome.RateLimited, text));

        var line = Assert.Single(output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(100, line.Length);
        Assert.EndsWith(" Try again in 9 s.", line);
        Assert.StartsWith("  11  backchannel_resend_otp  rate-limited  Policy violation: xxx", line);
    }

    [Fact]
    public void Colours_only_a_terminal()
    {
        var plain = new StringWriter();
        var coloured = new StringWriter();
        var call = new DemoCall(1, "delete_customer", DemoOutcome.Denied, "no");

        new DemoTable(plain, 100, colours: false).WriteCall(call);
        new DemoTable(coloured, 100, colours: true).WriteCall(call);

        Assert.DoesNotContain("\e[", plain.ToString());
        Assert.StartsWith("\e[31m", coloured.ToString());
    }

    [Fact]
    public void The_closing_line_counts_each_outcome_once()
    {
        DemoOutcome[] outcomes =
        [
            .. Enumerable.Repeat(DemoOutcome.Admitted, 10), .. Enumerable.Repeat(DemoOutcome.RateLimited, 15),
            DemoOutcome.Denied,
        ];

        var totals = outcomes.Aggregate(default(DemoTotals), (sum, outcome) => sum.Add(outcome));

        Assert.Equal(DemoTotals.Expected, totals);
        Assert.Equal("10 admitted, 15 rate-limited, 1 denied", totals.ToString());
        Assert.EndsWith(", 1 failed", totals.Add(DemoOutcome.Failed).ToString());
    }
}
