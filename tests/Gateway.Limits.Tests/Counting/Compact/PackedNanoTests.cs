using Gateway.Limits.Counting.Compact;

namespace Gateway.Limits.Tests.Counting.Compact;

public sealed class PackedNanoTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    [InlineData("18446744073709551615")]
    [InlineData("18446744073709551616")]
    [InlineData("999999999999999999999999999")]
    [InlineData("79228162514264337593543950335")]
    public void Holds_every_amount_exactly(string nano)
    {
        var number = Int128.Parse(nano, null);
        Assert.True(PackedNano.Fits(number));
        Assert.Equal(number, new PackedNano(number).Value);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("79228162514264337593543950336")]
    [InlineData("170141183460469231731687303715884105727")]
    public void Refuses_what_does_not_fit(string nano)
    {
        var number = Int128.Parse(nano, null);
        Assert.False(PackedNano.Fits(number));
        Assert.Throws<OverflowException>(() => new PackedNano(number));
    }
}
