namespace Gateway.Limits.Tests.Model;

public sealed class AmountTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("10", "10")]
    [InlineData("2500.00", "2500")]
    [InlineData("2500.50", "2500.5")]
    [InlineData("0.000000001", "0.000000001")]
    [InlineData("999999999999999999.999999999", "999999999999999999.999999999")]
    [InlineData("1e3", "1000")]
    [InlineData("1.5E+2", "150")]
    [InlineData("15e-1", "1.5")]
    [InlineData("1e17", "100000000000000000")]
    [InlineData("0e99", "0")]
    public void Reads_a_number_exactly(string written, string expected)
    {
        Assert.True(Amount.TryParse(written, out var amount));
        Assert.Equal(expected, amount.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("-0")]
    [InlineData("+1")]
    [InlineData("01")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("1e")]
    [InlineData("1e-")]
    [InlineData("1e1000")]
    [InlineData("1 ")]
    [InlineData("NaN")]
    [InlineData("0x10")]
    [InlineData("1,5")]
    [InlineData("1000000000000000000")]
    [InlineData("1e18")]
    [InlineData("0.0000000001")]
    [InlineData("1e-10")]
    [InlineData("0.1000000000")]
    [InlineData("١")]
    [InlineData(null)]
    public void Refuses_what_is_no_number_or_does_not_fit(string? written)
    {
        Assert.False(Amount.TryParse(written, out var amount));
        Assert.Equal(Amount.Zero, amount);
    }

    [Fact]
    public void A_tenth_ten_times_is_one()
    {
        Assert.True(Amount.TryParse("0.1", out var tenth));
        var sum = Amount.Zero;
        for (var i = 0; i < 10; i++) Assert.True(Amount.TryAdd(sum, tenth, out sum));
        Assert.Equal(Amount.One, sum);
    }

    [Fact]
    public void Refuses_a_sum_that_does_not_fit()
    {
        var most = Amount.FromUnits(999_999_999_999_999_999);
        Assert.False(Amount.TryAdd(most, Amount.One, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => Amount.FromUnits(1_000_000_000_000_000_000));
        Assert.Throws<ArgumentOutOfRangeException>(() => Amount.FromUnits(-1));
    }
}
