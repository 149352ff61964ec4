using System.Buffers;
using Gateway.Mcp.Writing;

namespace Gateway.Mcp.Tests.Writing;

public class PooledBufferTests
{
    [Fact]
    public void Rents_nothing_before_the_first_write_and_nothing_while_it_rests()
    {
        using var buffer = new PooledBuffer();
        Assert.Equal(0, buffer.BytesWith(0));

        buffer.Write("abc"u8);
        Assert.True(buffer.BytesWith(0) > 0);
        buffer.Rest();

        Assert.Equal(0, buffer.BytesWith(0));
        Assert.Equal(0, buffer.Length);
        buffer.Write("de"u8);
        Assert.Equal("de"u8.ToArray(), buffer.Written.ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5_000)]
    [InlineData(70_000)]
    public void Says_before_a_write_how_much_it_will_hold(int bytes)
    {
        using var buffer = new PooledBuffer();
        buffer.Write("abc"u8);
        var said = buffer.BytesWith(bytes);
        var before = buffer.BytesWith(0);

        buffer.Write(new byte[bytes]);

        // While it grows, the old memory and the new are held together.
        Assert.InRange(buffer.BytesWith(0), before, said);
    }
}
