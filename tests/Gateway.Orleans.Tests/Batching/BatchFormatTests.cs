using Gateway.Orleans.Batching;

namespace Gateway.Orleans.Tests.Batching;

/// <summary>The bytes between a frontend and a batch grain: a change of them needs another version.</summary>
public sealed class BatchFormatTests
{
    private static readonly CounterAnswer[] Answers =
    [
        new() { Kind = CounterAnswerKind.Granted, WindowStartMs = 7, UsedNano = 3, Low = 1, High = 2, More = [4, 5] },
        new() { Kind = CounterAnswerKind.Granted, WindowStartMs = 7, UsedNano = 3, Low = 1, High = Int128.MaxValue },
        new()
        {
            Kind = CounterAnswerKind.Refused, WindowStartMs = long.MinValue, UsedNano = 9,
            Refusal = RefusalKind.ClockBehind, IsFinal = true,
        },
        new() { Kind = CounterAnswerKind.Closed },
        new() { Kind = CounterAnswerKind.Gone },
        new() { Kind = CounterAnswerKind.Waiting },
    ];

    [Fact]
    public void Reads_back_what_was_asked()
    {
        BatchRequest[] asks =
        [
            new(5, new CounterQuestion(6, 7, 8, 9, false)),
            new(1, new CounterQuestion(2, 3, 4, 0, false)),
        ];
        CommittedCall[] committed = [new(UInt128.MaxValue, 11)];

        var read = BatchFormat.ReadAsks(
            BatchFormat.WriteAsks(asks, committed, holdMs: 10), out var readBack, out var holdMs);

        Assert.Equal(asks, read);
        Assert.Equal(committed, readBack);
        Assert.Equal(10, holdMs);
    }

    [Fact]
    public void Reads_back_what_was_answered()
    {
        var read = BatchFormat.ReadReply(BatchFormat.WriteReply(clockMs: -5, Answers), out var clockMs);

        Assert.Equal(-5, clockMs);
        Assert.Equal(Answers.Length, read.Length);
        for (var i = 0; i < read.Length; i++)
        {
            Assert.Equal(Answers[i] with { More = null }, read[i] with { More = null });
            Assert.Equal(Answers[i].More, read[i].More);
        }
    }

    [Fact]
    public void Writes_the_bytes_that_were_approved()
    {
        var asks = BatchFormat.WriteAsks([new(1, new CounterQuestion(2, 3, 4, 5, false))], [new(6, 7)], holdMs: 258);
        var reply = BatchFormat.WriteReply(8, [Answers[1] with { High = 2 }, Answers[2] with { WindowStartMs = 1 }]);

        Assert.Equal("01" + "0201" + "01000000" + Wide(6) + Wide(7) + "01000000"
            + Wide(1) + Wide(2) + Wide(3) + Wide(4) + Wide(5), Convert.ToHexStringLower(asks));
        Assert.Equal("01" + "0800000000000000" + "02000000"
            + "01" + "0700000000000000" + Wide(3) + Wide(1) + Wide(2) + "00000000"
            + "00" + "0100000000000000" + Wide(9) + "03" + "01", Convert.ToHexStringLower(reply));
    }

    [Fact]
    public void Refuses_what_is_cut_off_or_too_long()
    {
        var asks = BatchFormat.WriteAsks([new(1, new CounterQuestion(2, 3, 4, 5, false))], [new(6, 7)], holdMs: 0);
        var reply = BatchFormat.WriteReply(8, Answers);

        for (var length = 0; length < asks.Length; length++)
            Assert.Throws<FormatException>(() => BatchFormat.ReadAsks(asks.AsSpan(0, length), out _, out _));
        for (var length = 0; length < reply.Length; length++)
            Assert.Throws<FormatException>(() => BatchFormat.ReadReply(reply.AsSpan(0, length), out _));
        Assert.Throws<FormatException>(() => BatchFormat.ReadAsks([.. asks, 0], out _, out _));
        Assert.Throws<FormatException>(() => BatchFormat.ReadReply([.. reply, 0], out _));
    }

    [Fact]
    public void Refuses_another_version_and_counts_that_cannot_be()
    {
        var reply = BatchFormat.WriteReply(8, []);
        byte[] newer = [2, .. reply[1..]];
        byte[] endless = [.. reply[..9], 0xff, 0xff, 0xff, 0x7f];
        byte[] negative = [.. reply[..9], 0xff, 0xff, 0xff, 0xff];

        foreach (var bytes in new[] { newer, endless, negative })
            Assert.Throws<FormatException>(() => BatchFormat.ReadReply(bytes, out _));
    }

    private static string Wide(byte value) => $"{value:x2}{new string('0', 30)}";
}
