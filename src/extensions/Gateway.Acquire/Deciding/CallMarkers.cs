using System.Security.Cryptography;
using System.Text;
using Gateway.Acquire.Options;
using Gateway.Limits.Model;
using Gateway.Limits.Windows;

namespace Gateway.Acquire.Deciding;

/// <summary>
/// Which ids were charged, in the engine itself: each is a counter of its own, and what is charged on it is the
/// fingerprint of the call's costs. The engine lets one charge in, whoever asks and wherever, and keeps it over a
/// restart for as long as its window says: so there is no other store, and no other promise.
/// </summary>
internal sealed class CallMarkers
{
    private const string Call = "call";
    private const string Returned = "returned";
    private const int DigestBytes = 16;
    private readonly ILimiter _limiter;
    private readonly ProcessClock _clock;
    private readonly Window _window;

    public CallMarkers(ILimiter limiter, ProcessClock clock, AcquireOptions options)
    {
        (_limiter, _clock) = (limiter, clock);
        if (!Window.TryFromSeconds((long)options.IdsKeptFor.TotalSeconds, out _window))
            throw new ArgumentException("It is no window.", nameof(options));
    }

    /// <summary>Makes the mark, unless there is one. It is durable then, before anything of it is told.</summary>
    public async ValueTask<CallMark> MakeAsync(WantedCall call)
    {
        var decision = await _limiter.AcquireAsync(
            RequestOf(Call, call.Service, call.Id, call.Fingerprint), CancellationToken.None);
        return Read(call.Fingerprint, decision);
    }

    /// <summary>Whether there is one.</summary>
    public async ValueTask<CallMark> FindAsync(WantedCall call)
    {
        var decision = await _limiter.PeekAsync(
            RequestOf(Call, call.Service, call.Id, call.Fingerprint), CancellationToken.None);
        return Read(call.Fingerprint, decision) with { Permit = default };
    }

    /// <summary>
    /// Marks that something of the id comes back; before it does. It is made after the other mark, and so outlives it.
    /// </summary>
    public async ValueTask<CallMark> MakeReturnedAsync(string service, string id)
    {
        var decision = await _limiter.AcquireAsync(RequestOf(Returned, service, id, 1), CancellationToken.None);
        var made = Read(1, decision);
        made.Permit.Complete();
        return made;
    }

    /// <summary>Whether something of the id has come back.</summary>
    public async ValueTask<CallMark> FindReturnedAsync(string service, string id)
    {
        var decision = await _limiter.PeekAsync(RequestOf(Returned, service, id, 1), CancellationToken.None);
        return Read(1, decision) with { Permit = default };
    }

    private static CallMark Read(long fingerprint, in LimitDecision decision)
    {
        if (decision.IsAdmitted)
            return new(MarkOutcome.New, decision.Permit);
        if (decision.Refusal.Kind != RefusalKind.NoRoom)
            return new(MarkOutcome.Unknown, Refusal: decision.Refusal);
        return new(decision.Refusal.Used == Amount.FromUnits(fingerprint) ? MarkOutcome.Same : MarkOutcome.Other);
    }

    /// <summary>The whole room at once: whoever comes second finds none, whatever it is for.</summary>
    private LimitRequest RequestOf(string kind, string service, string id, long fingerprint)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, DigestBytes);
        // It slides, so it is kept as long whenever it began.
        var key = new CounterKey(
            LimitScope.Service, $"~calls~{service}",
            CounterKey.NameByValue(kind, Convert.ToHexStringLower(digest)), WindowKind.Sliding, _window);
        var whole = Amount.FromUnits(fingerprint);
        return new LimitRequest(CallId.New(), _clock.NowMs(), [new LimitCost(key, whole, whole)]);
    }
}
