using Gateway.LoadTests.Generating;

namespace Gateway.LoadTests.Tests;

public sealed class AnswerHeadTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "Admitted")]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-length: 26\r\n\r\n{\"outcome\":\"rate_limited\"}", "RateLimited")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{\"outcome\":\"denied\"}", "Denied")]
    [InlineData("HTTP/1.1 503 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", "Unavailable")]
    [InlineData("HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n", "Unexpected")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", "Admitted")]
    public void Reads_the_outcome_of_a_call(string answer, string outcome)
    {
        var bytes = Encoding.ASCII.GetBytes(answer);

        Assert.True(AnswerHead.TryRead(bytes, out var head));
        Assert.True(head.IsWhole(bytes));
        Assert.False(head.IsWhole(bytes.AsSpan(0, bytes.Length - 1)) && head.BodyLength != 0);
        Assert.Equal(Enum.Parse<CallOutcome>(outcome), head.WithOutcome(bytes).Outcome);
        Assert.Equal(answer.Contains("close", StringComparison.Ordinal), head.MustClose);
    }

    [Fact]
    public void Waits_for_the_whole_head() =>
        Assert.False(AnswerHead.TryRead("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"u8, out _));
}
