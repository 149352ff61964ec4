namespace Gateway.Upstreams.Tests.Relay;

public sealed class ListChangeWatchTests
{
    private const string Said = """data: {"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""";

    [Fact]
    public void Sees_the_word_wherever_the_stream_is_cut()
    {
        for (var cut = 0; cut <= Said.Length; cut++)
        {
            for (var again = cut; again <= Said.Length; again++)
            {
                var seen = 0;
                var watch = new ListChangeWatch(() => seen++);
                foreach (var part in (string[])[Said[..cut], Said[cut..again], Said[again..]])
                    watch.See(Encoding.UTF8.GetBytes(part));
                Assert.Equal(1, seen);
            }
        }
    }

    [Theory]
    [InlineData("list_chan|ged", 1)]
    [InlineData("list_list_chan|ged", 1)]
    [InlineData("list_chan|list_changed", 1)]
    [InlineData("list_changed|list_changed", 2)]
    [InlineData("list_chan|gging|ed", 0)]
    [InlineData("l|i|s|t", 0)]
    public void Sees_nothing_else(string parts, int times)
    {
        var seen = 0;
        var watch = new ListChangeWatch(() => seen++);
        foreach (var part in parts.Split('|'))
            watch.See(Encoding.UTF8.GetBytes(part));
        Assert.Equal(times, seen);
    }
}
