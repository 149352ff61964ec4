namespace Gateway.EnvoyRls.Tests.Grpc;

public sealed class GrpcTimeoutTests
{
    [Theory]
    [InlineData("20m", 20)]
    [InlineData("3S", 3000)]
    [InlineData("2M", 120_000)]
    [InlineData("250000u", 250)]
    [InlineData("99999999n", 99.9999)]
    [InlineData("0m", 0)]
    public void Reads_digits_and_unit(string header, double ms)
    {
        Assert.True(GrpcTimeout.TryRead(header, out var timeout));
        Assert.Equal(ms, timeout!.Value.TotalMilliseconds);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("99999999H")]
    public void None_and_one_beyond_a_day_bound_nothing(string? header)
    {
        Assert.True(GrpcTimeout.TryRead(header, out var timeout));
        Assert.Null(timeout);
    }

    [Theory]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("20")]
    [InlineData("20x")]
    [InlineData("-1m")]
    [InlineData("123456789m")]
    public void Refuses_what_is_no_length_of_time(string header) =>
        Assert.False(GrpcTimeout.TryRead(header, out _));
}
