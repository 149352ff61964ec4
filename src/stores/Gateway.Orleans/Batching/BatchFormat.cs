using Gateway.Limits.Model;
using Gateway.Orleans.Wire;

namespace Gateway.Orleans.Batching;

/// <summary>
/// The binary format of batch messages: little-endian, with 32-bit counts and 128-bit amounts and ids.
/// <code>
/// request: version, milliseconds to hold the reply (16 bits), committed calls, (owner, call id)…,
///          requests, (owner, call id, maximum, cost, refundable)…
/// reply:   version, clock (64 bits), replies, (kind, …)…
///          refused: window start (64 bits), used, reason (8 bits), final (8 bits)
///          granted: window start (64 bits), used, low, high, further numbers, …
///          if 128 is added to the kind, the window's end (64 bits) comes first: a window in a time zone
/// </code>
/// </summary>
internal static class BatchFormat
{
    /// <summary>The first byte. A reader that finds another value does not understand the message.</summary>
    public const byte Version = 1;

    /// <summary>Flag in the kind byte: the end of the window follows.</summary>
    private const byte WithEnd = 0x80;

    private const int AsksHead = 1 + sizeof(ushort) + sizeof(int) + sizeof(int);
    private const int CommittedSize = 2 * 16;
    private const int AskSize = 5 * 16;
    private const int ReplyHead = 1 + sizeof(long) + sizeof(int);
    private const int RefusedSize = 1 + sizeof(long) + 16 + 2;
    private const int GrantedSize = 1 + sizeof(long) + (3 * 16) + sizeof(int);

    /// <summary>Encodes requests, and calls that were committed since the last message.</summary>
    public static byte[] WriteAsks(
        ReadOnlySpan<BatchRequest> asks, ReadOnlySpan<CommittedCall> committed, int holdMs)
    {
        var bytes = new byte[AsksHead + (committed.Length * CommittedSize) + (asks.Length * AskSize)];
        var to = new BatchWriter(bytes);
        to.Byte(Version);
        to.UInt16((ushort)holdMs);
        to.Int32(committed.Length);
        foreach (ref readonly var call in committed)
        {
            to.UInt128(call.Owner);
            to.UInt128(call.CallId);
        }

        to.Int32(asks.Length);
        foreach (ref readonly var ask in asks)
        {
            to.UInt128(ask.Owner);
            to.UInt128(ask.Question.CallId);
            to.Int128(ask.Question.MaxNano);
            to.Int128(ask.Question.CostNano);
            to.Int128(ask.Question.RefundableNano);
        }

        return bytes;
    }

    /// <summary>Decodes the result of <see cref="WriteAsks"/>.</summary>
    /// <exception cref="FormatException">The message has another version or is damaged.</exception>
    public static BatchRequest[] ReadAsks(ReadOnlySpan<byte> bytes, out CommittedCall[] committed, out int holdMs)
    {
        var from = new BatchReader(bytes);
        from.Expect(Version);
        holdMs = from.UInt16();
        committed = new CommittedCall[from.Count(CommittedSize)];
        for (var i = 0; i < committed.Length; i++) committed[i] = new CommittedCall(from.UInt128(), from.UInt128());
        var asks = new BatchRequest[from.Count(AskSize)];
        for (var i = 0; i < asks.Length; i++)
        {
            var owner = from.UInt128();
            asks[i] = new BatchRequest(
                owner,
                new CounterQuestion(from.UInt128(), from.Int128(), from.Int128(), from.Int128(), IsPeek: false));
        }

        from.End();
        return asks;
    }

    /// <summary>Encodes one reply for each request, in order.</summary>
    public static byte[] WriteReply(long clockMs, ReadOnlySpan<CounterAnswer> answers)
    {
        var size = ReplyHead;
        foreach (ref readonly var answer in answers) size += SizeOf(answer);
        var bytes = new byte[size];
        var to = new BatchWriter(bytes);
        to.Byte(Version);
        to.Int64(clockMs);
        to.Int32(answers.Length);
        foreach (ref readonly var answer in answers) Write(ref to, answer);
        return bytes;
    }

    /// <summary>Decodes the result of <see cref="WriteReply"/>.</summary>
    /// <exception cref="FormatException">The message has another version or is damaged.</exception>
    public static CounterAnswer[] ReadReply(ReadOnlySpan<byte> bytes, out long clockMs)
    {
        var from = new BatchReader(bytes);
        from.Expect(Version);
        clockMs = from.Int64();
        var answers = new CounterAnswer[from.Count(sizeMin: 1)];
        for (var i = 0; i < answers.Length; i++) answers[i] = Read(ref from);
        from.End();
        return answers;
    }

    private static int SizeOf(in CounterAnswer answer) => (HasEnd(answer) ? sizeof(long) : 0) + answer.Kind switch
    {
        CounterAnswerKind.Refused => RefusedSize,
        CounterAnswerKind.Granted => GrantedSize + (16 * (answer.More?.Length ?? 0)),
        CounterAnswerKind.Closed or CounterAnswerKind.Gone or CounterAnswerKind.Waiting => 1,
        _ => throw new NotSupportedException($"CounterAnswerKind {answer.Kind} has no case here."),
    };

    // Only counters that an older release never requests have an end.
    private static bool HasEnd(in CounterAnswer answer) =>
        answer.Kind <= CounterAnswerKind.Granted && answer.WindowEndMs != 0;

    private static void Write(ref BatchWriter to, in CounterAnswer answer)
    {
        to.Byte(HasEnd(answer) ? (byte)((byte)answer.Kind | WithEnd) : (byte)answer.Kind);
        if (answer.Kind > CounterAnswerKind.Granted) return;
        if (HasEnd(answer)) to.Int64(answer.WindowEndMs);
        to.Int64(answer.WindowStartMs);
        to.Int128(answer.UsedNano);
        if (answer.Kind == CounterAnswerKind.Refused)
        {
            to.Byte((byte)answer.Refusal);
            to.Byte(answer.IsFinal ? (byte)1 : (byte)0);
            return;
        }

        to.Int128(answer.Low);
        to.Int128(answer.High);
        to.Int32(answer.More?.Length ?? 0);
        foreach (var number in answer.More ?? []) to.Int128(number);
    }

    private static CounterAnswer Read(ref BatchReader from)
    {
        var written = from.Byte();
        var endMs = (written & WithEnd) != 0 ? from.Int64() : 0;
        var kind = (CounterAnswerKind)(written & ~WithEnd);
        if (kind > CounterAnswerKind.Waiting) throw new FormatException($"A batch reply cannot have the kind {kind}.");
        if (kind > CounterAnswerKind.Granted) return new CounterAnswer { Kind = kind };
        var answer = new CounterAnswer
        {
            Kind = kind,
            WindowEndMs = endMs,
            WindowStartMs = from.Int64(),
            UsedNano = from.Int128(),
        };
        if (kind == CounterAnswerKind.Refused)
            return answer with { Refusal = (RefusalKind)from.Byte(), IsFinal = from.Byte() != 0 };

        answer = answer with { Low = from.Int128(), High = from.Int128() };
        var further = from.Count(sizeMin: 16);
        if (further == 0) return answer;
        var more = new Int128[further];
        for (var i = 0; i < further; i++) more[i] = from.Int128();
        return answer with { More = more };
    }
}

/// <summary>A call whose numbers can no longer be returned, and the activation that issued them.</summary>
internal readonly record struct CommittedCall(UInt128 Owner, UInt128 CallId);

/// <summary>A request in a batch.</summary>
/// <param name="Owner">The activation that owns the counter.</param>
/// <param name="Question">The request to that activation.</param>
internal readonly record struct BatchRequest(UInt128 Owner, CounterQuestion Question);
